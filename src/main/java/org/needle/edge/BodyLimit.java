package org.needle.edge;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;

/** Gathers a request with its body, up to a limit. */
final class BodyLimit extends HttpObjectAggregator {
    BodyLimit(int limit) {
        super(limit, true);
    }

    /** The rest of the body is not read: the connection cannot be used again. */
    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        context.writeAndFlush(HttpErrors.tooLarge(maxContentLength())).addListener(ChannelFutureListener.CLOSE);
    }
}
