package org.needle.edge;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.needle.hub.Event;
import org.needle.hub.Feed;
import org.needle.hub.FilterIndex;
import org.needle.hub.Hub;
import org.needle.hub.SystemClock;
import org.needle.hub.TopicFilter;

/**
 * Delivers to the subscribers of one event loop: takes the events that the hub offers, matches each against the groups, and
 * lets every touched channel be written and flushed once for the whole batch.
 *
 * <p>Coalescing: the first event after a pause goes at once. When it has been found that a delivery takes long, the next one
 * waits a few times as long, at most {@value #MAX_PAUSE_MS} ms, so that many events a second cost one system call a channel
 * for several of them.
 */
final class DeliveryLoop implements Feed {
    private static final int MAX_WAITING_BYTES = 32 << 20;
    private static final int BATCH_EVENTS = 1_000;
    private static final int BATCH_BYTES = 1 << 20;
    private static final int MAX_PAUSE_MS = 10;
    private static final int PAUSE_FACTOR = 3;
    static final long SWEEP_EVERY = TimeUnit.SECONDS.toNanos(1);

    private final Hub hub;
    private final EventLoop executor;
    private final ByteBufAllocator alloc;

    // any thread
    private final Queue<Event> offered = new ConcurrentLinkedQueue<>();
    /** Bytes of the events in the queue. */
    private final AtomicInteger waiting = new AtomicInteger();

    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean overrun;
    private volatile boolean closed;

    // event loop only
    private final FrameCache frames;
    private final Trails trails;
    private final FilterIndex<Group> index = new FilterIndex<>();
    private final Map<Group.Key, Group> groups = new HashMap<>();
    private final List<Group> touched = new ArrayList<>();
    private final List<Subscriber> all = new ArrayList<>();
    private long busyUntil;
    private long drained;
    private long now = SystemClock.nanos();
    private long swept = now;
    private long late;
    private long lastCost;

    /** @param frames how many encoded frames of a kind are kept for those who come a little later; a power of two */
    DeliveryLoop(Hub hub, EventLoop executor, ByteBufAllocator alloc, int frames) {
        this.hub = hub;
        this.executor = executor;
        this.alloc = alloc;
        this.frames = new FrameCache(alloc, frames);
        this.trails = new Trails(executor);
    }

    EventLoop executor() {
        return executor;
    }

    FrameCache frames() {
        return frames;
    }

    Trails trails() {
        return trails;
    }

    @Override
    public void offer(Event event) {
        if (closed) {
            return;
        }
        if (overrun || waiting.get() >= MAX_WAITING_BYTES) {
            // The loop is far behind: its subscribers will read from the windows, and be told of a gap if need be.
            // Once one event is left out all are, until the loop has seen to it: a later one would hide the hole.
            overrun = true;
        } else {
            waiting.addAndGet(event.size());
            offered.add(event);
        }
        if (scheduled.compareAndSet(false, true)) {
            executor.execute(this::run);
        }
    }

    /** Event loop only. From when this returns the subscriber's topics are offered to this loop. */
    Group join(Subscriber subscriber, Group.Key key) {
        Group group = groups.get(key);
        if (group == null) {
            group = new Group(key);
            groups.put(key, group);
            for (TopicFilter filter : key.filters()) {
                index.add(filter, group);
                hub.follow(filter, this);
            }
        }
        group.add(subscriber);
        subscriber.place = all.size();
        all.add(subscriber);
        return group;
    }

    /** Event loop only. */
    void leave(Subscriber subscriber, Group group) {
        group.remove(subscriber);
        if (group.isEmpty()) {
            groups.remove(group.key());
            for (TopicFilter filter : group.key().filters()) {
                index.remove(filter, group);
                hub.unfollow(filter, this);
            }
        }
        Subscriber last = all.remove(all.size() - 1);
        if (subscriber.place < all.size()) {
            all.set(subscriber.place, last);
            last.place = subscriber.place;
        }
    }

    /** Event loop only, about once a second: heartbeats, and the end of those that take nothing. */
    void sweep() {
        now = SystemClock.nanos();
        late = Math.max(0, now - swept - SWEEP_EVERY);
        swept = now;
        for (int i = all.size() - 1; i >= 0; i--) {
            Subscriber subscriber = all.get(i);
            if (subscriber.isExpired()) {
                subscriber.bye(Counters.End.EXPIRED, subscriber.edge.retryAfter());
            } else {
                subscriber.sweep(now);
            }
        }
        if (all.isEmpty()) {
            frames.clear();
        }
    }

    /** Event loop only: by how much the last sweep came too late, in ns. As late is all that clients have sent meanwhile. */
    long late() {
        return late;
    }

    /** Event loop only: somebody waits for confirmations. */
    void probe() {
        for (int i = all.size() - 1; i >= 0; i--) {
            all.get(i).probe();
        }
    }

    /** Event loop only. */
    List<Subscriber> subscribers() {
        return List.copyOf(all);
    }

    /** Event loop only. */
    void close() {
        closed = true;
        frames.clear();
    }

    /** Event loop only. Whatever a live subscriber of this loop should have had up to here it has been handed. */
    long drained() {
        return drained;
    }

    /** Event loop only: when the present delivery began, in ns. */
    long now() {
        return now;
    }

    private void run() {
        long start = SystemClock.nanos();
        long pause = Math.min(busyUntil - start, TimeUnit.MILLISECONDS.toNanos(MAX_PAUSE_MS));
        if (pause > 0) {
            executor.schedule(this::drain, pause, TimeUnit.NANOSECONDS);
        } else {
            drain();
        }
    }

    private void drain() {
        now = SystemClock.nanos();
        scheduled.set(false); // before the queue is read: an event offered from now on schedules the next run
        if (overrun) {
            catchUp();
        }
        while (fill()) {
            for (Group group : touched) {
                group.deliver(frames, alloc);
            }
            touched.clear();
        }
        long end = SystemClock.nanos();
        lastCost = (lastCost + end - now) / 2;
        busyUntil = end + lastCost * PAUSE_FACTOR;
    }

    /** Takes one batch from the queue; false if there is nothing. */
    private boolean fill() {
        int events = 0;
        int bytes = 0;
        Event event = offered.poll();
        while (event != null) {
            waiting.addAndGet(-event.size());
            Event next = event;
            index.match(event.topic(), group -> {
                if (group.note(next)) {
                    touched.add(group);
                }
            });
            drained = event.offset();
            bytes += event.size();
            if (++events == BATCH_EVENTS || bytes >= BATCH_BYTES) {
                break;
            }
            event = offered.poll();
        }
        return events > 0;
    }

    /** Everybody reads on from the windows. */
    private void catchUp() {
        for (Event left = offered.poll(); left != null; left = offered.poll()) {
            waiting.addAndGet(-left.size());
        }
        overrun = false; // before the heads are read: what is left out until now is in the windows already
        for (Subscriber subscriber : subscribers()) {
            subscriber.catchUp();
        }
    }
}
