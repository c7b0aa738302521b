package org.needle.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;

/** Takes the requests whose path is none of the edge's own. */
public interface OtherPaths {
    /** Takes nothing. */
    OtherPaths NONE = (context, request) -> false;

    /**
     * Called on the connection's event loop: must not block. If the answer is true the request, and one reference to it, is the
     * callee's, which answers through the pipeline; else nothing has happened.
     */
    boolean take(ChannelHandlerContext context, FullHttpRequest request);
}
