package org.needle.edge;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/** Gathers a request with its body, up to a limit. */
final class BodyLimit extends HttpObjectAggregator {
    BodyLimit(int limit) {
        super(limit, true);
    }

    /** Asked beforehand, a body that is too large is refused in the same words. */
    @Override
    protected @Nullable Object newContinueResponse(HttpMessage start, int limit, ChannelPipeline pipeline) {
        Object answer = super.newContinueResponse(start, limit, pipeline);
        if (answer instanceof FullHttpResponse response
                && response.status().equals(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE)) {
            response.release();
            return HttpErrors.tooLarge(limit);
        }
        return answer;
    }

    /** The rest of the body is not read: the connection cannot be used again. */
    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        context.writeAndFlush(HttpErrors.tooLarge(maxContentLength())).addListener(ChannelFutureListener.CLOSE);
    }
}
