package org.needle.path;

/**
 * How something on the way cuts connections: after a silence, or at an age. A connection that was cut while it said nothing may
 * have been cut for either; only one that was cut in spite of signs of life was cut for its age. Immutable.
 *
 * @param silence that connections do not bear
 * @param age that they do not exceed
 * @param busy how many of those ages silence does not explain
 */
public record Cuts(Streak silence, Streak age, int busy) {
    static final Cuts NONE = new Cuts(Streak.NONE, Streak.NONE, 0);

    /** Shorter lives, in ms, are no lives, and shorter silences are none that anybody cuts for. */
    private static final long LEAST = 2_000;

    private static final long LEAST_HEARTBEAT = 2_000;
    private static final long LEAST_LIFE = 1_000;

    /** After a connection was cut at {@code age} ms, and nothing had been sent for {@code quiet} ms. */
    Cuts cut(long old, long quiet, long now) {
        if (old < LEAST) {
            return this;
        }
        long borne = silence.known(2, now);
        boolean idle = quiet >= LEAST && quiet * 4 >= borne * 3;
        Streak ages = age.next(old, now);
        int others = ages.count() == 1 ? 0 : busy;
        return new Cuts(idle ? silence.next(quiet, now) : silence, ages, idle ? others : others + 1);
    }

    /** How long nothing may be said, in ms: half of what is not borne; {@code usual} if that is not known or allows as much. */
    long heartbeat(long usual, int times, long now) {
        long borne = silence.known(times, now);
        return borne == 0 ? usual : Math.min(usual, Math.max(LEAST_HEARTBEAT, borne / 2));
    }

    /** The age at which to end in time, in ms; 0: none is known. */
    long life(int times, long now) {
        long most = busy == 0 ? 0 : age.known(times, now);
        return most == 0 ? 0 : Math.max(LEAST_LIFE, most * 4 / 5);
    }

    /** Whether there was a cut lately. */
    boolean any(long now) {
        return age.known(1, now) > 0;
    }
}
