package org.needle.path;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The times of a ladder and what it waits for; changed only by the {@link Step} that copied it. Ms. */
final class Pace {
    static final long NEVER = -1;

    /** Failures that the running check is to explain. */
    List<Fact.Over> pending = List.of();

    boolean checking;
    /** When to check again, while nothing passes. */
    long retryAt = NEVER;

    int tries;
    /** When the newest rung was opened. */
    long last;

    long pollAt;
    long probeAt = NEVER;
    long probeEvery;
    /** Something has been proved on this network, so nobody has to hurry to a poll. */
    boolean known;
    /** The rung that was adopted last. */
    @Nullable
    Rung best;

    Pace(long probeEvery) {
        this.probeEvery = probeEvery;
    }

    Pace copy() {
        Pace copy = new Pace(probeEvery);
        copy.pending = pending;
        copy.checking = checking;
        copy.retryAt = retryAt;
        copy.tries = tries;
        copy.last = last;
        copy.pollAt = pollAt;
        copy.probeAt = probeAt;
        copy.known = known;
        copy.best = best;
        return copy;
    }
}
