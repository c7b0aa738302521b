package org.needle.edge;

import java.util.concurrent.TimeUnit;

/**
 * So many a second, and twice as many at once after a while without any: a token bucket, kept as the moment from which it is
 * being filled. Callable from any thread.
 */
final class Allowance {
    /** ns that one costs; 0: nothing is limited. */
    private final long cost;

    private final long full;
    private long since;

    /** @param perSecond 0: as many as come */
    Allowance(int perSecond, long now) {
        this.cost = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.full = 2L * perSecond * cost;
        this.since = now - full;
    }

    /** False if this is one too many; at {@code now} in ns. */
    synchronized boolean take(long now) {
        since = Math.max(since, now - full);
        if (now - since < cost) {
            return false;
        }
        since += cost;
        return true;
    }

    synchronized boolean isFull(long now) {
        return now - since >= full;
    }
}
