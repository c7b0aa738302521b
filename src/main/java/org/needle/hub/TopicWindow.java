package org.needle.hub;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The newest events of one topic, bounded by count, bytes and age. Appended to by the hub, read by any thread; guarded by
 * its own monitor, which is held for a few memory accesses only.
 *
 * <p>{@code dropped} is the highest offset that was ever dropped. A cursor below it has missed something: also where an
 * event with a short time to live was taken out of the middle.
 */
final class TopicWindow {
    private final TopicSettings settings;
    private final AtomicLong held;
    private final long maxAge;
    private Event[] ring = new Event[8];
    private int first;
    private int count;
    private long bytes;
    private long dropped;
    /** Why {@code dropped} went; what was known of a forgotten topic had expired. */
    private Gap.Reason reason = Gap.Reason.EXPIRED;

    private boolean shortLived;
    private final @Nullable Map<String, Long> newestOfKey;

    /**
     * @param dropped the offset up to which nothing is known of this topic
     * @param held counts the bytes of all windows
     */
    TopicWindow(TopicSettings settings, long dropped, AtomicLong held) {
        this.settings = settings;
        this.held = held;
        this.maxAge = settings.age().toMillis();
        this.dropped = dropped;
        this.newestOfKey = settings.slow() == Slow.CONFLATE ? new HashMap<>() : null;
    }

    synchronized void append(Event event) {
        grow();
        ring[(first + count++) & (ring.length - 1)] = event;
        bytes += event.size();
        held.addAndGet(event.size());
        shortLived |= event.times().expires() != Long.MAX_VALUE;
        if (newestOfKey != null && event.key() != null) {
            newestOfKey.put(event.key(), event.offset());
        }
        while (count > settings.count() || (bytes > settings.bytes() && count > 1)) {
            dropFirst(Gap.Reason.TRIMMED);
        }
    }

    /** Drops what is too old at {@code now}. */
    synchronized void expire(long now) {
        while (count > 0 && expired(get(0), now)) {
            dropFirst(Gap.Reason.EXPIRED);
        }
        if (shortLived) {
            compact(now);
        }
    }

    /** Drops the oldest events until {@code wanted} bytes are gone or one event is left; returns the bytes dropped. */
    synchronized long trim(long wanted) {
        long before = bytes;
        while (count > 1 && before - bytes < wanted) {
            dropFirst(Gap.Reason.TRIMMED);
        }
        return before - bytes;
    }

    synchronized boolean isEmpty() {
        return count == 0;
    }

    synchronized long dropped() {
        return dropped;
    }

    /** The offset of the oldest event, or {@link Long#MAX_VALUE} if there is none. */
    synchronized long oldest() {
        return count == 0 ? Long.MAX_VALUE : get(0).offset();
    }

    /** What a read found out about the window at one instant. */
    record Seen(long dropped, Gap.Reason reason, boolean more, Slow slow) {}

    /**
     * Which events a read wants: those with {@code after < offset <= upTo}, at most {@code max}.
     *
     * @param newest null: all of them; else without those that a newer one up to here replaces
     */
    record Range(long after, long upTo, int max, @Nullable Long newest) {
        Range upTo(long end) {
            return new Range(after, end, max, newest);
        }
    }

    /** Adds the wanted events to {@code out} and says, of the same instant, what was dropped and whether there are more. */
    synchronized Seen read(Range range, long now, List<Event> out) {
        expire(now);
        int taken = 0;
        for (int i = indexAfter(range.after()); i < count; i++) {
            Event event = get(i);
            if (event.offset() > range.upTo()) {
                break;
            }
            if (taken == range.max()) {
                return new Seen(dropped, reason, true, settings.slow());
            }
            if (range.newest() == null || !replaced(event, range.newest())) {
                out.add(event);
                taken++;
            }
        }
        return new Seen(dropped, reason, false, settings.slow());
    }

    private boolean replaced(Event event, long upTo) {
        Long newest = newestOfKey == null || event.key() == null ? null : newestOfKey.get(event.key());
        return newest != null && newest > event.offset() && newest <= upTo;
    }

    private boolean expired(Event event, long now) {
        return event.times().published() + maxAge <= now || event.times().expires() <= now;
    }

    private Event get(int index) {
        return ring[(first + index) & (ring.length - 1)];
    }

    /** Binary search for the first event with an offset greater than {@code offset}. */
    private int indexAfter(long offset) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (get(middle).offset() <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void dropFirst(Gap.Reason why) {
        forget(get(0), why);
        ring[first] = null;
        first = (first + 1) & (ring.length - 1);
        count--;
    }

    private void forget(Event event, Gap.Reason why) {
        bytes -= event.size();
        held.addAndGet(-event.size());
        if (event.offset() > dropped) {
            dropped = event.offset();
            reason = why;
        }
        if (newestOfKey != null && event.key() != null) {
            newestOfKey.remove(event.key(), event.offset());
        }
    }

    private void compact(long now) {
        Event[] kept = new Event[ring.length];
        int n = 0;
        shortLived = false;
        for (int i = 0; i < count; i++) {
            Event event = get(i);
            if (expired(event, now)) {
                forget(event, Gap.Reason.EXPIRED);
            } else {
                kept[n++] = event;
                shortLived |= event.times().expires() != Long.MAX_VALUE;
            }
        }
        ring = kept;
        first = 0;
        count = n;
    }

    private void grow() {
        if (count < ring.length) {
            return;
        }
        Event[] larger = new Event[ring.length * 2];
        for (int i = 0; i < count; i++) {
            larger[i] = get(i);
        }
        ring = larger;
        first = 0;
    }
}
