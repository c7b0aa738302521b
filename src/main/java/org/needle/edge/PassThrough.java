package org.needle.edge;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An upstream's answer that is no event stream, on its way to the client: one buffer at a time, the next one when the connection
 * takes more. Owned by the connection's event loop; the upstream calls from threads of its own.
 */
final class PassThrough extends ChannelInboundHandlerAdapter implements Flow.Subscriber<List<ByteBuffer>> {
    private final EdgeContext edge;
    private final Events.Asked asked;
    private final Runnable end;
    private Flow.@Nullable Subscription upstream;
    private @Nullable ScheduledFuture<?> stalled;
    private boolean chunked;
    private boolean over;

    /** @param end called once, however this ends */
    PassThrough(EdgeContext edge, Events.Asked asked, Runnable end) {
        this.edge = edge;
        this.asked = asked;
        this.end = end;
    }

    private void onLoop(Runnable task) {
        asked.context().channel().eventLoop().execute(task);
    }

    /** Event loop only. */
    void begin(ForwardAnswer.Head head, Flow.Publisher<List<ByteBuffer>> body) {
        ChannelHandlerContext context = asked.context();
        context.pipeline().addAfter(context.name(), null, this);
        context.write(response(head));
        body.subscribe(this);
        if (!context.channel().isActive()) {
            stop();
        }
    }

    private HttpResponse response(ForwardAnswer.Head head) {
        HttpResponse response =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(head.status()));
        ForwardHeaders.answer(head.headers())
                .forEach(header -> response.headers().add(header.getKey(), header.getValue()));
        // whatever the upstream serves, it is not of this origin
        response.headers().set("Content-Security-Policy", "sandbox").set("X-Content-Type-Options", "nosniff");
        asked.answers().cors().write(response.headers());
        boolean bare = head.status() == HttpResponseStatus.NO_CONTENT.code()
                || head.status() == HttpResponseStatus.NOT_MODIFIED.code();
        chunked = !bare && !response.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
        boolean http10 = asked.request().protocolVersion().equals(HttpVersion.HTTP_1_0);
        if (chunked && !http10) {
            HttpUtil.setTransferEncodingChunked(response, true);
        }
        if (!isKept(http10)) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return response;
    }

    private boolean isKept(boolean http10) {
        return HttpUtil.isKeepAlive(asked.request()) && !http10 && !edge.draining;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        onLoop(() -> {
            upstream = subscription;
            if (over) {
                subscription.cancel();
            } else {
                subscription.request(1);
            }
        });
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        onLoop(() -> {
            if (over) {
                return;
            }
            for (ByteBuffer buffer : buffers) {
                asked.context().write(new DefaultHttpContent(Unpooled.wrappedBuffer(buffer)));
            }
            asked.context().flush();
            more();
        });
    }

    private void more() {
        Flow.Subscription from = upstream;
        if (over || from == null) {
            return;
        }
        if (asked.context().channel().isWritable()) {
            from.request(1);
        } else if (stalled == null) {
            stalled = asked.context()
                    .executor()
                    .schedule(
                            () -> asked.context().close(),
                            edge.settings.timing().stalled().toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable() && stalled != null) {
            stalled.cancel(false);
            stalled = null;
            more();
        }
        context.fireChannelWritabilityChanged();
    }

    /** Half an answer must not look like a whole one. */
    @Override
    public void onError(Throwable cause) {
        onLoop(() -> {
            if (!over) {
                asked.context().close();
            }
        });
    }

    @Override
    public void onComplete() {
        onLoop(() -> {
            if (over) {
                return;
            }
            boolean kept = isKept(asked.request().protocolVersion().equals(HttpVersion.HTTP_1_0));
            stop();
            asked.context().pipeline().remove(this);
            ChannelFuture last = asked.context().writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
            if (!kept) {
                last.addListener(ChannelFutureListener.CLOSE);
            }
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop();
        context.fireChannelInactive();
    }

    private void stop() {
        if (over) {
            return;
        }
        over = true;
        if (stalled != null) {
            stalled.cancel(false);
        }
        if (upstream != null) {
            upstream.cancel();
        }
        end.run();
    }
}
