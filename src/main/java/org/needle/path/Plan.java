package org.needle.path;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a ladder is to be walked.
 *
 * @param order the rungs that are allowed, best first
 * @param probe ms until a better rung is tried again
 * @param probeMost to which that doubles
 */
public record Plan(List<Rung> order, long probe, long probeMost) {
    private static final long PROBE = 600_000;

    public static final Plan DEFAULT = new Plan(Rung.ALL, PROBE, 6 * PROBE);

    /** The same order, probing at the same interval always. */
    public Plan probing(long ms) {
        return new Plan(order, ms, ms);
    }

    /** The same with other rungs. */
    public Plan over(List<Rung> rungs) {
        return new Plan(List.copyOf(rungs), probe, probeMost);
    }

    /**
     * What was found out earlier about this gateway from this network.
     *
     * @param rung the one that served
     * @param out those that did not, and why
     */
    public record Memory(Rung rung, Map<Rung, Verdict> out) {}

    /** For how long a memory is good, in ms. */
    public static final long KEEP = 1_800_000;

    int rank(@Nullable Rung rung) {
        int rank = rung == null ? -1 : order.indexOf(rung);
        return rank < 0 ? order.size() : rank;
    }
}
