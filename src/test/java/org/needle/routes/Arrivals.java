package org.needle.routes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** When each of the events 0, 1, 2 and so on came to one client. Written by one thread, read by any. */
final class Arrivals {
    private final int[] at;
    private final List<String> wrong = new ArrayList<>();
    private volatile int next;

    Arrivals(int most) {
        at = new int[most];
        Arrays.fill(at, Integer.MAX_VALUE);
    }

    /** Milliseconds of this process. */
    static int now() {
        return (int) (System.nanoTime() / 1_000_000 & Integer.MAX_VALUE);
    }

    void came(String number) {
        int event = Integer.parseInt(number);
        if (event != next) {
            wrong("after " + (next - 1) + " came " + event);
        }
        at[event] = now();
        next = event + 1;
    }

    synchronized void wrong(String what) {
        wrong.add(what);
    }

    synchronized List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** How many have come. */
    int count() {
        return next;
    }

    /** When; {@link Integer#MAX_VALUE} if it has not come. */
    int at(int event) {
        return event < next ? at[event] : Integer.MAX_VALUE;
    }
}
