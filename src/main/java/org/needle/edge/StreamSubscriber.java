package org.needle.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Event;
import org.needle.hub.Subscription;
import org.needle.hub.SystemClock;
import org.needle.wire.ClientFrame;
import org.needle.wire.Control;
import org.needle.wire.Wire;

/**
 * A subscriber on a long-lived connection. While it is live the group writes to it; when its channel takes no more it is
 * lagging and costs nothing until the channel takes more, and then reads on from its cursor.
 */
class StreamSubscriber extends Subscriber {
    private static final int PAGE_EVENTS = 256;
    private static final int PAGE_BYTES = 64 << 10;
    private static final int CYCLE_RETRY_MS = 100;
    private static final int RETRY_MS = 3000;

    private final Wrap wrap;
    private boolean lagging = true;
    private boolean reading;
    private boolean ended;
    private boolean burst;
    private boolean proved;
    private long helloAt;
    private long lastWrite;
    /** As lastWrite, without the comments that clients do not see. */
    private long lastData;

    private long lastProgress;

    StreamSubscriber(EdgeContext edge, Join join, Opening opening) {
        super(edge, join, opening.session(), opening.channel());
        this.wrap = opening.wrap();
    }

    /** Where a stream begins. */
    record Opening(Session session, Channel channel, Wrap wrap) {}

    /** Sends {@code head} unless that has been done, hello and what the position asks for; from then on the subscriber is live. */
    void open(@Nullable StreamHead head) {
        Subscription subscription = follow(wrap);
        long retry = join.cycle() ? CYCLE_RETRY_MS : RETRY_MS;
        if (head != null) {
            channel.write(head.on(channel), channel.voidPromise());
        }
        byte[] hello = control(hello(retry), subscription);
        write(wrap.around(
                join.transport() == Transport.SSE ? join("retry: " + retry + "\n", hello) : hello, channel.alloc()));
        lastProgress = SystemClock.nanos();
        helloAt = lastProgress;
        if (!catchUpTo(false)) {
            return;
        }
        channel.flush();
        lastWrite = SystemClock.nanos();
        lastData = lastWrite;
        endBurst();
        if (join.cycle()) {
            channel.eventLoop().schedule(() -> bye(Counters.End.CYCLE, CYCLE_RETRY_MS), join.hold(), TimeUnit.SECONDS);
        } else {
            Proof.begin(this);
        }
    }

    @Override
    void deliver(Group.Batch batch) {
        Subscription subscription = subscription();
        if (lagging || subscription.offset() >= batch.last()) {
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
        if (isFollowing() && catchUpTo(lagging)) {
            endBurst();
        }
    }

    /** Writes page after page while the channel takes them; false if the connection has been ended. */
    private boolean catchUpTo(boolean slow) {
        if (reading) {
            return true; // a flush below has called back
        }
        reading = true;
        lagging = true;
        boolean more = true;
        while (more && channel.isWritable() && channel.isActive()) {
            Subscription.Page page = subscription().next(PAGE_EVENTS, PAGE_BYTES, slow);
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
        lagging = more;
        if (more) {
            lag();
        }
        return true;
    }

    private void write(Subscription.Page page) {
        if (page.gap() != null) {
            edge.counters.gaps.get(join.transport()).increment();
            write(wrap.around(control(new Control.Hole(page.gap()), subscription()), channel.alloc()));
        }
        for (Event event : page.events()) {
            write(loop.frames().frame(event, kind(wrap)));
        }
        if (!page.events().isEmpty()) {
            wrote(page.events().size());
        }
    }

    private void lag() {
        lagging = true;
        lastProgress = SystemClock.nanos();
    }

    private void wrote(int events) {
        lastWrite = loop.now();
        lastData = lastWrite;
        burst = true;
        edge.counters.delivered.get(join.transport()).add(events);
    }

    private void endBurst() {
        if (join.cycle() && burst && !lagging) {
            bye(Counters.End.CYCLE, CYCLE_RETRY_MS);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable() && lagging && isFollowing()) {
            lastProgress = SystemClock.nanos();
            catchUp();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    void sweep(long now) {
        if (lagging) {
            if (now - lastProgress > edge.settings.timing().stalled().toNanos()) {
                leave(Counters.End.STALLED);
                channel.close();
            }
        } else if (now - lastWrite >= edge.settings.timing().heartbeat().toNanos()) {
            heartbeat();
        }
    }

    /** A live subscriber has been handed all that its loop has drained, so it may be told so. */
    private void heartbeat() {
        if (join.transport() == Transport.SSE) {
            lastWrite = loop.now();
            write(wrap.around(Wire.SSE_HEARTBEAT.getBytes(StandardCharsets.US_ASCII), channel.alloc()));
            channel.flush();
        } else {
            tick();
        }
    }

    /** True if nothing that the client sees has been sent since {@code ns}. */
    boolean isQuietSince(long ns) {
        return isFollowing() && !lagging && lastData - ns <= 0;
    }

    @Override
    void receipt(ClientFrame.Receipt receipt) {
        if (!proved) {
            session.path().answered((int) TimeUnit.NANOSECONDS.toMillis(SystemClock.nanos() - helloAt));
        }
        super.receipt(receipt);
    }

    @Override
    void proved() {
        proved = true;
        super.proved();
    }

    /** The receipt for the hello should be here by now. */
    void due() {
        if (isFollowing() && !proved) {
            edge.counters.unproved.get(join.transport()).increment();
            unproved();
        }
    }

    /** Ends the response: whatever is held on the way is let go by that, and nothing is lost, because positions resume. */
    void unproved() {
        bye(Counters.End.UNPROVED, CYCLE_RETRY_MS);
    }

    void tick() {
        Subscription subscription = subscription();
        subscription.advance(loop.drained());
        lastWrite = SystemClock.nanos();
        lastData = lastWrite;
        tell(new Control.Tick(subscription.position().toString()));
        channel.flush();
    }

    /** Writes a control, without flush. */
    void tell(Control control) {
        write(wrap.around(control(control, subscription()), channel.alloc()));
    }

    @Override
    void bye(Counters.End reason, long retryAfter) {
        if (ended || !isFollowing()) {
            return;
        }
        ended = true;
        if (reason != Counters.End.CYCLE) {
            tell(new Control.Bye(reason.label(), retryAfter));
        }
        leave(reason);
        end(reason);
    }

    /** Ends the response; what is still unsent after a few seconds never will be. */
    void end(Counters.End reason) {
        ByteBuf last = wrap == Wrap.CHUNK
                ? channel.alloc().directBuffer(5).writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
                : channel.alloc().directBuffer(0);
        channel.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
        channel.eventLoop().schedule(() -> channel.close(), 2, TimeUnit.SECONDS);
    }

    private byte[] control(Control control, Subscription subscription) {
        return Wire.control(control, subscription.position().toString(), join.style());
    }

    private static byte[] join(String first, byte[] second) {
        byte[] start = first.getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[start.length + second.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(second, 0, all, start.length, second.length);
        return all;
    }
}
