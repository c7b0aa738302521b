package org.needle.edge;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.needle.hub.TopicFilter;

/**
 * Clients without a library that have been here a moment ago and may come back: their next request names no session, but it looks the
 * same, follows the same and goes on where they were. Bounded by {@value #MOST} such looks and {@value #EACH} of each.
 * Callable from any thread; its monitor is a leaf.
 */
final class Departures {
    static final int MOST = 10_000;
    static final int EACH = 8;
    /** Longer than any client by itself waits, in ms. */
    static final long KEPT = 30_000;
    /** A client that is to come back after an instant does so within this, in ms. */
    private static final long INSTANT = 2_000;

    /** What a client looks like and follows. */
    record Look(Network network, List<TopicFilter> filters) {}

    /** In the order of the last departure. */
    private final Map<Look, Deque<Departure>> gone = new LinkedHashMap<>();

    synchronized void left(Look look, Departure departure) {
        Deque<Departure> alike = gone.remove(look);
        if (alike == null) {
            alike = new ArrayDeque<>(2);
        }
        if (alike.size() == EACH) {
            alike.removeFirst();
        }
        alike.addLast(departure);
        gone.put(look, alike);
        if (gone.size() > MOST) {
            Iterator<Look> oldest = gone.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /**
     * The departure that a client comes back from; null: there is none.
     *
     * @param offset up to where it has got everything
     */
    synchronized @Nullable Departure back(Look look, long offset, long now) {
        Departure best = null;
        for (Departure each : gone.getOrDefault(look, new ArrayDeque<>())) {
            boolean closer = best == null || best.offset() != offset;
            if (now - each.at() <= KEPT && each.offset() >= offset && (each.offset() == offset || closer)) {
                best = each;
            }
        }
        return take(look, best);
    }

    /** The same of a client that does not say where it was: only one that was sent away to come back at once is known again. */
    synchronized @Nullable Departure back(Look look, long now) {
        Departure last = null;
        for (Departure each : gone.getOrDefault(look, new ArrayDeque<>())) {
            last = each.planned() && now - each.at() <= INSTANT ? each : last;
        }
        return take(look, last);
    }

    private @Nullable Departure take(Look look, @Nullable Departure departure) {
        Deque<Departure> alike = gone.get(look);
        if (departure != null && alike != null) {
            alike.remove(departure);
            if (alike.isEmpty()) {
                gone.remove(look);
            }
        }
        return departure;
    }

    /** Forgets those that will not come back. Call about once a second. */
    synchronized void sweep(long now) {
        Iterator<Deque<Departure>> oldest = gone.values().iterator();
        while (oldest.hasNext() && now - oldest.next().getLast().at() > KEPT) {
            oldest.remove();
        }
    }

    synchronized int size() {
        return gone.size();
    }
}
