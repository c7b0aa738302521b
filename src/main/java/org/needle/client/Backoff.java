package org.needle.client;

import java.time.Duration;

/**
 * How long to wait before the next attempt.
 *
 * @param first after one failure; doubled with each that follows
 * @param most the longest, before chance is added
 */
public record Backoff(Duration first, Duration most) {
    private static final int MAX_DOUBLINGS = 30;

    /**
     * @param failures in a row, at least 1
     * @param chance from 0 to 1: half of the time is certain, as much again is chance, so that clients do not come back together
     */
    public Duration after(int failures, double chance) {
        long doubled = first.toMillis() << Math.min(failures - 1, MAX_DOUBLINGS);
        boolean overflown = doubled >> Math.min(failures - 1, MAX_DOUBLINGS) != first.toMillis();
        return spread(overflown ? most : Duration.ofMillis(Math.min(doubled, most.toMillis())), chance);
    }

    /** {@code time}, give or take half of it. */
    public static Duration spread(Duration time, double chance) {
        return Duration.ofMillis((long) (time.toMillis() * (0.5 + chance)));
    }
}
