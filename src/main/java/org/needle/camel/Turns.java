package org.needle.camel;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.needle.hub.RefusedException;

/** Lets so many go at a time; the others wait in the order in which they came, without a thread. Callable from any thread. */
final class Turns {
    private static final int MOST_WAITING = 10_000;

    private final int most;

    // guarded by this
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int going;

    Turns(int most) {
        this.most = most;
    }

    /**
     * Runs {@code begin} now, or in the thread of whoever leaves when it is its turn.
     *
     * @throws RefusedException if 10,000 wait
     */
    void take(Runnable begin) {
        switch (place(begin)) {
            case GOES -> begin.run();
            case WAITS -> {}
            case REFUSED -> throw new RefusedException(MOST_WAITING + " requests wait for their turn");
        }
    }

    private enum Place {
        GOES,
        WAITS,
        REFUSED
    }

    private synchronized Place place(Runnable begin) {
        if (going < most) {
            going++;
            return Place.GOES;
        }
        if (waiting.size() == MOST_WAITING) {
            return Place.REFUSED;
        }
        waiting.add(begin);
        return Place.WAITS;
    }

    /** One that has begun is through. */
    void leave() {
        Runnable next = next();
        if (next != null) {
            next.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable next = waiting.poll();
        if (next == null) {
            going--;
        }
        return next;
    }
}
