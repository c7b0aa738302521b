package org.needle.routes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.needle.hub.Position;

/** When each of the events 0, 1, 2 and so on came to one client, in whatever order the log has them. Written by one thread, read by any. */
final class Arrivals {
    private final int[] at;
    /** How many had come then, with this one. */
    private final int[] rank;

    private final List<String> wrong = new ArrayList<>();
    private long offset;
    private volatile int count;

    Arrivals(int most) {
        at = new int[most];
        rank = new int[most];
        Arrays.fill(at, Integer.MAX_VALUE);
        Arrays.fill(rank, Integer.MAX_VALUE);
    }

    /** Milliseconds of this process. */
    static int now() {
        return (int) (System.nanoTime() / 1_000_000 & Integer.MAX_VALUE);
    }

    void came(String id, String number) {
        int event = Integer.parseInt(number);
        Position position = Position.parse(id);
        if (position == null || position.offset() <= offset) {
            wrong(event + " came with " + id + " after " + offset);
            return;
        }
        offset = position.offset();
        if (at[event] != Integer.MAX_VALUE) {
            wrong(event + " came twice");
            return;
        }
        at[event] = now();
        rank[event] = count + 1;
        count = rank[event];
    }

    synchronized void wrong(String what) {
        wrong.add(what);
    }

    synchronized List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** How many have come. */
    int count() {
        return count;
    }

    /** When; {@link Integer#MAX_VALUE} if it has not come. */
    int at(int event) {
        return count == 0 ? Integer.MAX_VALUE : at[event];
    }

    /** How many had come when it came, with this one; {@link Integer#MAX_VALUE} if it has not. */
    int rank(int event) {
        return count == 0 ? Integer.MAX_VALUE : rank[event];
    }
}
