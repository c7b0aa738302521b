package org.needle.path;

import java.util.ArrayList;
import java.util.List;

/** When a rung is given up: for some failures at once, for others when three short lives are lost within five minutes. */
final class Lives {
    private static final int ALL = 3;
    private static final long WINDOW = 300_000;
    private static final long SHORT = 30_000;
    /** Answers that end are cut because their wait is too long, and wait less next time; this short they cannot be helped. */
    private static final long SHORT_WAIT = 3_000;
    /** So long a life gives one back. */
    private static final long HEALTHY = 60_000;

    private Lives() {}

    static Standing after(Fact.Over over, Standing standing, long now) {
        if (isFinal(over, standing.good())) {
            return standing.out(over.verdict());
        }
        List<Long> lost = new ArrayList<>(standing.lost());
        lost.removeIf(each -> each <= now - WINDOW);
        lost.subList(0, (int) Math.min(lost.size(), over.life() / HEALTHY)).clear();
        if (over.life() < (over.rung().isFinite() ? SHORT_WAIT : SHORT)) {
            lost.add(now);
        }
        return lost.size() >= ALL ? standing.out(over.verdict()) : standing.lost(lost);
    }

    /** Whether one failure is enough. A rung that has served here is not given up for a moment's silence or one reset. */
    private static boolean isFinal(Fact.Over over, boolean good) {
        return switch (over.verdict()) {
            case BUFFERED, HELD_TO_NEXT, HELD_TO_END, STRIPPED, METHOD_DENIED, REWRITTEN -> true;
            case BLOCKED -> !good || over.number() > 0;
            case SWALLOWED -> !good;
            default -> false;
        };
    }
}
