package org.needle.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Position;

/** A client that waits for the head of a forwarded answer. Owned by its connection's event loop, but for what may be called anywhere. */
final class ForwardWait extends ChannelInboundHandlerAdapter {
    private final EdgeContext edge;
    private final Events.Asked asked;
    private final Join join;
    private @Nullable PrivateTopic awaited;
    private boolean over;

    ForwardWait(EdgeContext edge, Events.Asked asked, Join join) {
        this.edge = edge;
        this.asked = asked;
        this.join = join;
    }

    Join join() {
        return join;
    }

    /** Whether it is a browser's EventSource or the like, which can only be stopped by a status. */
    boolean isPlain() {
        return join.transport() == Transport.SSE
                && join.claim().session() == null
                && asked.request().method().equals(HttpMethod.GET);
    }

    /** Event loop only. */
    void await(PrivateTopic topic) {
        awaited = topic;
        asked.context().pipeline().addAfter(asked.context().name(), null, this);
        if (!asked.context().channel().isActive()) {
            gone();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone();
        context.fireChannelInactive();
    }

    private void gone() {
        if (!over && awaited != null) {
            over = true;
            awaited.left(this);
        }
    }

    /** Runs {@code then} on the event loop, unless the client is gone or has its answer. Any thread. */
    void later(Runnable then) {
        asked.context().channel().eventLoop().execute(() -> {
            if (!over) {
                then.run();
            }
        });
    }

    /** The wait is over; false if it was before. */
    private boolean stop() {
        if (over) {
            return false;
        }
        over = true;
        if (awaited != null && !asked.context().isRemoved()) {
            asked.context().pipeline().remove(this);
        }
        return true;
    }

    /** Any thread. */
    void refuse(int status, String title) {
        later(() -> {
            if (stop()) {
                asked.answers().problem(status, title);
            }
        });
    }

    /** There is nothing more. Event loop only. */
    void end() {
        if (stop()) {
            asked.answers().noContent();
        }
    }

    /**
     * Event loop only.
     *
     * @param start where those begin who name no position
     */
    void follow(EdgeContext view, Session session, Position start) {
        if (!stop()) {
            return;
        }
        Join from = join.position() == null || join.position().equals("earliest") ? join.from(start) : join;
        try {
            new Events(view).open(asked, from, () -> session);
        } catch (Refusal refusal) {
            asked.answers().problem(refusal.status(), refusal.title());
        }
    }

    /** The answer passes through. Any thread. */
    void pass(ForwardAnswer.Head head, Flow.Publisher<List<ByteBuffer>> body, Runnable end) {
        asked.context().channel().eventLoop().execute(() -> {
            if (stop()) {
                new PassThrough(edge, asked, end).begin(head, body);
            } else {
                end.run();
            }
        });
    }
}
