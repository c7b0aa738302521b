package org.needle.edge;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets one request at a time into the connection and gives each of its phases a time limit. Requests sent ahead of their turn
 * wait here, a few of them; without that their answers could overtake each other. Owned by the event loop.
 */
final class RequestGate extends ChannelDuplexHandler {
    private static final int MAX_WAITING = 64;

    private final EdgeContext edge;
    private final Queue<Object> waiting = new ArrayDeque<>(4);
    /** Of bodies, in what waits. */
    private long bytes;

    private boolean busy;
    private boolean heard;
    private boolean starting;
    private @Nullable ScheduledFuture<?> timer;

    RequestGate(EdgeContext edge) {
        this.edge = edge;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        limit(context, edge.settings.timing().head(), false); // io_uring does not tell of all that are reset at once
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        heard = true;
        if (!waiting.isEmpty() || (busy && message instanceof HttpRequest)) {
            waiting.add(message);
            bytes += size(message);
            if (waiting.size() > MAX_WAITING || bytes > edge.settings.limits().body()) {
                context.close();
            }
            return;
        }
        pass(context, message);
    }

    private void pass(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest) {
            busy = true;
            starting = false;
            limit(context, edge.settings.timing().body(), true);
        }
        if (message instanceof LastHttpContent) {
            unlimited();
        }
        context.fireChannelRead(message);
    }

    /** Bytes came and no request came of them: its head has begun and must soon be complete. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!heard && !busy && !starting) {
            starting = true;
            limit(context, edge.settings.timing().head(), true);
        }
        heard = false;
        context.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (!(message instanceof LastHttpContent) || !busy) {
            context.write(message, promise);
            return;
        }
        limit(context, edge.settings.timing().stalled(), false);
        context.write(message, promise.unvoid().addListener(sent -> {
            if (!context.isRemoved()) {
                next(context);
            }
        }));
    }

    private void next(ChannelHandlerContext context) {
        busy = false;
        limit(context, edge.settings.timing().idle(), false);
        while (!busy && !waiting.isEmpty()) {
            pass(context, take());
            while (waiting.peek() != null && !(waiting.peek() instanceof HttpRequest)) {
                pass(context, take());
            }
        }
    }

    private Object take() {
        Object message = waiting.remove();
        bytes -= size(message);
        return message;
    }

    private static int size(Object message) {
        return message instanceof HttpContent content ? content.content().readableBytes() : 0;
    }

    private void limit(ChannelHandlerContext context, Duration limit, boolean tell) {
        unlimited();
        timer = context.executor().schedule(() -> expire(context, tell), limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void expire(ChannelHandlerContext context, boolean tell) {
        if (tell) {
            context.writeAndFlush(HttpErrors.timeout()).addListener(ChannelFutureListener.CLOSE);
        } else {
            context.close();
        }
    }

    private void unlimited() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        handlerRemoved(context);
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        unlimited();
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        bytes = 0;
    }
}
