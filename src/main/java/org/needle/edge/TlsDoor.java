package org.needle.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.needle.wire.Json;

/** The first handler of a connection to the TLS port: lets in who speaks TLS, and tells who does not what is wrong. */
final class TlsDoor extends OptionalSslHandler {
    private final EdgeContext edge;
    private final Front front;
    private @Nullable ScheduledFuture<?> patience;

    TlsDoor(SslContext tls, EdgeContext edge, Front front) {
        super(tls);
        this.edge = edge;
        this.front = front;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        long limit = edge.settings.timing().head().toMillis();
        patience = context.executor().schedule(() -> context.close(), limit, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        if (patience != null) {
            patience.cancel(false);
        }
    }

    @Override
    protected SslHandler newSslHandler(ChannelHandlerContext context, SslContext tls) {
        SslHandler handler = tls.newHandler(context.alloc());
        handler.setHandshakeTimeoutMillis(edge.settings.timing().head().toMillis());
        context.pipeline().addAfter(context.name(), null, new Negotiated(edge, front));
        return handler;
    }

    @Override
    protected ChannelHandler newNonSslHandler(ChannelHandlerContext context) {
        return new PlainText();
    }

    /** Goes on with the version of HTTP that both sides have agreed on. */
    private static final class Negotiated extends ApplicationProtocolNegotiationHandler {
        private final EdgeContext edge;
        private final Front front;

        Negotiated(EdgeContext edge, Front front) {
            super(ApplicationProtocolNames.HTTP_1_1);
            this.edge = edge;
            this.front = front;
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext context, String protocol) {
            ChannelPipeline pipeline = context.pipeline();
            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                Http2.install(pipeline, edge, front);
            } else {
                HttpPipeline.install(pipeline, edge, front);
            }
        }

        @Override
        protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
            edge.counters.handshakes.increment();
            Failures.close(context, cause);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            Failures.close(context, cause);
        }
    }

    /** Answers whatever has come in the clear. */
    private static final class PlainText extends ChannelInboundHandlerAdapter {
        private boolean answered;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
            if (answered) {
                return;
            }
            answered = true;
            String body = Json.problem(400, "this port speaks HTTPS: use https:// or wss:// in the URL");
            String answer = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: "
                    + body.length() + "\r\nConnection: close\r\n\r\n" + body;
            ByteBuf bytes = context.alloc().buffer().writeBytes(answer.getBytes(StandardCharsets.US_ASCII));
            context.writeAndFlush(bytes).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            Failures.close(context, cause);
        }
    }
}
