package org.needle.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetAddress;

/**
 * Finds out who has connected and whether they may: by the connection, or by the PROXY protocol (versions 1 and 2), which then
 * is what every connection has to begin with and only trusted proxies may speak. Event loop only.
 */
final class Arrival extends ChannelInboundHandlerAdapter {
    private final EdgeContext edge;

    private Arrival(EdgeContext edge) {
        this.edge = edge;
    }

    /** Before all other handlers: what comes before HTTP, and before TLS. */
    static void install(Channel channel, EdgeContext edge) {
        EdgeSettings.Callers callers = edge.settings.callers();
        if (!callers.proxyProtocol()) {
            count(channel, edge);
        } else if (callers.proxies().trusts(Proxies.peer(channel))) {
            channel.pipeline().addLast(new HAProxyMessageDecoder(), new Arrival(edge));
        } else {
            edge.counters.refused.increment();
            channel.close();
        }
    }

    private static void count(Channel channel, EdgeContext edge) {
        InetAddress peer = Proxies.peer(channel);
        if (edge.addresses.connect(peer)) {
            channel.closeFuture().addListener(closed -> edge.addresses.disconnect(peer));
        } else {
            edge.counters.refused.increment();
            channel.close();
        }
    }

    /** The decoder removes itself once it has this; what follows is for the other handlers. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof HAProxyMessage said)) {
            context.fireChannelRead(message);
            return;
        }
        InetAddress source = said.sourceAddress() == null ? null : Proxies.literal(said.sourceAddress());
        said.release();
        if (source != null) { // none: a proxy that asks for itself
            context.channel().attr(Proxies.ANNOUNCED).set(source);
        }
        context.pipeline().remove(this);
        count(context.channel(), edge);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        edge.counters.refused.increment();
        Failures.close(context, cause);
    }
}
