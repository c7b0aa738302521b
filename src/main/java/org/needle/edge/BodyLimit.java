package org.needle.edge;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Gathers a request with its body, up to a limit. */
final class BodyLimit extends HttpObjectAggregator {
    private static final int MAX_DROPPED = 16 << 20;
    private static final int MAX_DROPPING_SECONDS = 5;

    private final EdgeContext edge;
    private @Nullable ChannelFuture refused;
    private long dropped;

    BodyLimit(EdgeContext edge) {
        super(edge.settings.limits().body(), true);
        this.edge = edge;
    }

    /** Asked beforehand, a body that is too large is refused in the same words. */
    @Override
    protected @Nullable Object newContinueResponse(HttpMessage start, int limit, ChannelPipeline pipeline) {
        Object answer = super.newContinueResponse(start, limit, pipeline);
        if (answer instanceof FullHttpResponse response
                && response.status().equals(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE)) {
            response.release();
            return tooLarge(pipeline, start);
        }
        return answer;
    }

    private FullHttpResponse tooLarge(ChannelPipeline pipeline, HttpMessage oversized) {
        FullHttpResponse answer = HttpErrors.tooLarge(maxContentLength());
        if (oversized instanceof HttpRequest request) {
            Cors.of(edge, pipeline.channel(), request).write(answer.headers());
        }
        return answer;
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        edge.counters.refused.increment();
        refused = context.writeAndFlush(tooLarge(context.pipeline(), oversized));
        context.executor().schedule(() -> context.close(), MAX_DROPPING_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * The rest of a body that is too large is read, up to a point, and dropped: if the connection were closed with bytes unread
     * the client would see a reset and not the answer. It cannot be used again.
     */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        int bytes = message instanceof HttpContent content ? content.content().readableBytes() : 0;
        if (refused == null) {
            super.channelRead(context, message);
        } else {
            ReferenceCountUtil.release(message);
        }
        if (refused != null) {
            dropped += bytes;
            if (message instanceof LastHttpContent || dropped > MAX_DROPPED) {
                refused.addListener(ChannelFutureListener.CLOSE);
            }
        }
    }
}
