package org.needle.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who has connected and whether they may: by the connection, or by the PROXY protocol (versions 1 and 2), which then
 * is what every connection has to begin with and only trusted proxies may speak. Event loop only.
 */
final class Arrival extends ChannelInboundHandlerAdapter {
    private final EdgeContext edge;
    private final Stay stay;

    private Arrival(EdgeContext edge, Stay stay) {
        this.edge = edge;
        this.stay = stay;
    }

    /** What is counted as long as a connection is open. */
    private static final class Stay implements ChannelFutureListener {
        private final EdgeContext edge;
        private @Nullable InetAddress peer;

        Stay(EdgeContext edge) {
            this.edge = edge;
        }

        void count(Channel channel) {
            InetAddress from = Proxies.peer(channel);
            if (edge.addresses.connect(from)) {
                peer = from;
            } else {
                edge.counters.refused.increment();
                channel.close();
            }
        }

        @Override
        public void operationComplete(ChannelFuture closed) {
            edge.counters.connections.decrement();
            if (peer != null) {
                edge.addresses.disconnect(peer);
            }
        }
    }

    /** Before all other handlers: what comes before HTTP, and before TLS. */
    static void install(Channel channel, EdgeContext edge) {
        EdgeSettings.Callers callers = edge.settings.callers();
        Stay stay = new Stay(edge);
        edge.counters.connections.increment();
        channel.closeFuture().addListener(stay);
        if (!callers.proxyProtocol()) {
            stay.count(channel);
        } else if (callers.proxies().trusts(Proxies.peer(channel))) {
            channel.pipeline().addLast(new HAProxyMessageDecoder(), new Arrival(edge, stay));
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
        stay.count(context.channel());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        edge.counters.refused.increment();
        Failures.close(context, cause);
    }
}
