package org.needle.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The border at which everything that went wrong on a connection ends: the peer's doing in a debug line, ours with its stack. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static void close(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof Http2Exception) { // the codec ends the stream or the connection itself, and says why
            LOG.debug("HTTP/2 of {} broken: {}", context.channel().remoteAddress(), cause.toString());
            return;
        }
        if (cause instanceof IOException || cause instanceof CodecException) {
            LOG.debug("connection of {} ended: {}", context.channel().remoteAddress(), cause.toString());
        } else {
            LOG.error("bug on the connection of {}", context.channel().remoteAddress(), cause);
        }
        context.close();
    }
}
