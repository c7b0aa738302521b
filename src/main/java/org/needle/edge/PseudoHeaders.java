package org.needle.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;

/** Resets a stream whose pseudo-headers are not those of a request (RFC 9113, 8.1 and 8.3.1), which Netty lets pass. Event loop only. */
final class PseudoHeaders extends ChannelInboundHandlerAdapter {
    private boolean begun;
    private boolean broken;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!broken && message instanceof Http2HeadersFrame frame) {
            broken = begun ? hasAny(frame.headers()) : isIncomplete(frame.headers());
            begun = true;
            if (broken) {
                context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.PROTOCOL_ERROR));
            }
        }
        if (broken) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    /** Trailers have none. */
    private static boolean hasAny(Http2Headers headers) {
        return headers.names().stream().anyMatch(Http2Headers.PseudoHeaderName::hasPseudoHeaderFormat);
    }

    /** Scheme and path are missing in a plain CONNECT, which is answered like any method that is not allowed. */
    private static boolean isIncomplete(Http2Headers headers) {
        CharSequence method = headers.method();
        if (method == null || method.isEmpty()) {
            return true;
        }
        boolean plainConnect =
                "CONNECT".contentEquals(method) && !headers.contains(Http2Headers.PseudoHeaderName.PROTOCOL.value());
        CharSequence path = headers.path();
        return !plainConnect && (headers.scheme() == null || path == null || path.isEmpty());
    }
}
