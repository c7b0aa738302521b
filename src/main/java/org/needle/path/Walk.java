package org.needle.path;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The times of a ladder and what it waits for; changed only by the {@link Step} that copied it. Ms. */
final class Walk {
    static final long NEVER = -1;
    /** Between two checks while nothing passes: at most ten in a minute, and soon enough after a captive portal lets go. */
    private static final long[] WAITS = {1_000, 2_000, 4_000, 4_000, 4_000, 8_000, 16_000, 32_000, 60_000};

    /** Failures that the running check is to explain. */
    List<Fact.Over> pending = List.of();

    boolean checking;
    /** When to check again, while nothing passes. */
    long retryAt = NEVER;

    int tries;
    /** When the newest rung was opened. */
    long last;

    /** How long a rung is alone before the next one is tried beside it. */
    long beside = 2_000;

    long pollAt;
    long probeAt = NEVER;
    long probeEvery;
    /** Something has been proved on this network, so nobody has to hurry to a poll. */
    boolean known;
    /** The rung that was adopted last. */
    @Nullable
    Rung best;

    Walk(long probeEvery) {
        this.probeEvery = probeEvery;
    }

    /** How long to wait after so many failures. */
    static long wait(int failures, double spread, double chance) {
        return spread(WAITS[Math.min(failures, WAITS.length - 1)], spread, chance);
    }

    /** How long to wait before the next look where nothing passes; nobody logs in at a portal within a second. */
    long pause(boolean portal, double chance) {
        int before = Math.max(portal ? 1 : 0, tries);
        tries = before + 1;
        return wait(before, portal ? 0.4 : 1, chance);
    }

    static long spread(long ms, double spread, double chance) {
        return Math.round(ms * (1 - spread / 2 + spread * chance));
    }

    /** The network is another one. */
    void forget() {
        known = false;
        best = null;
        tries = 0;
    }

    Walk copy() {
        Walk copy = new Walk(probeEvery);
        copy.pending = pending;
        copy.checking = checking;
        copy.retryAt = retryAt;
        copy.tries = tries;
        copy.last = last;
        copy.beside = beside;
        copy.pollAt = pollAt;
        copy.probeAt = probeAt;
        copy.known = known;
        copy.best = best;
        return copy;
    }
}
