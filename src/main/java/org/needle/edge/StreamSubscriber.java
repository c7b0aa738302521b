package org.needle.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Event;
import org.needle.hub.Subscription;
import org.needle.hub.SystemClock;
import org.needle.path.Manner;
import org.needle.wire.Control;

/**
 * A subscriber on a long-lived connection. While it is live the group writes to it; when its channel takes no more it is
 * lagging and costs nothing until the channel takes more, and then reads on from its cursor.
 */
class StreamSubscriber extends PacedSubscriber {
    private static final int PAGE_EVENTS = 256;
    private static final int PAGE_BYTES = 64 << 10;

    private boolean reading;
    private boolean burst;

    StreamSubscriber(EdgeContext edge, Join join, Opening opening) {
        super(edge, join, opening);
    }

    /** Sends {@code head} unless that has been done, hello and what the position asks for; from then on the subscriber is live. */
    void open(@Nullable StreamHead head) {
        Subscription subscription = follow(wrap());
        tempo().joins(subscription.offset());
        if (head != null) {
            channel.write(head.on(channel), channel.voidPromise());
        }
        long retry = join.cycle() ? SOON_MS : tempo().pace().retry();
        greet(hello(retry));
        order();
        progress();
        long now = SystemClock.nanos();
        // where a client has nothing yet by which it could come back, its hello is as good as an event
        boolean unknown = manner() == Manner.RETURNS && !join.looks().resumes() && !join.cycle();
        burst = unknown;
        tempo().greeted(now, unknown);
        if (!catchUpTo(false)) {
            return;
        }
        channel.flush();
        endBurst();
        if (join.cycle()) {
            channel.eventLoop().schedule(() -> bye(Counters.End.CYCLE, SOON_MS), join.hold(), TimeUnit.SECONDS);
        } else if (!tempo().pace().cycles()) {
            proof().begin();
        }
    }

    @Override
    void deliver(Group.Batch batch) {
        Subscription subscription = subscription();
        if (isLagging() || subscription.offset() >= batch.last()) {
            return;
        }
        if (subscription.offset() >= batch.first()) {
            catchUp();
            return;
        }
        subscription.advance(batch.first() - 1);
        if (!channel.isWritable()) {
            lag();
            return;
        }
        for (ByteBuf buffer : batch.buffers()) {
            write(buffer.retainedDuplicate());
        }
        subscription.advance(batch.last());
        wrote(batch.count());
        channel.flush();
        endBurst();
    }

    @Override
    void catchUp() {
        if (isFollowing() && catchUpTo(isLagging())) {
            endBurst();
        }
    }

    /** Writes page after page while the channel takes them; false if the connection has been ended. */
    private boolean catchUpTo(boolean slow) {
        if (reading) {
            return true; // a flush below has called back
        }
        reading = true;
        behind();
        boolean more = true;
        while (more && channel.isWritable() && channel.isActive()) {
            Subscription.Page page = next(PAGE_EVENTS, PAGE_BYTES, slow);
            if (slow && page.dismissed()) {
                reading = false;
                bye(Counters.End.SLOW, edge.retryAfter());
                return false;
            }
            write(page);
            more = page.more();
            channel.flush();
        }
        reading = false;
        if (more) {
            lag();
        } else {
            live();
        }
        return true;
    }

    private void write(Subscription.Page page) {
        if (page.gap() != null) {
            edge.counters.gaps.get(join.transport()).increment();
            tell(new Control.Hole(page.gap()));
        }
        for (Event event : page.events()) {
            write(loop.frames().frame(event, kind(wrap())));
        }
        if (!page.events().isEmpty()) {
            wrote(page.events().size());
        }
    }

    private void wrote(int events) {
        long now = loop.now();
        tempo().wrote(now);
        proof().wrote(now);
        burst = true;
        edge.counters.delivered.get(join.transport()).add(events);
    }

    private void endBurst() {
        if (burst && !isLagging() && (join.cycle() || tempo().pace().cycles())) {
            bye(Counters.End.CYCLE, SOON_MS);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable() && isLagging() && isFollowing()) {
            progress();
            catchUp();
        }
        context.fireChannelWritabilityChanged();
    }
}
