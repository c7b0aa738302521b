package org.needle.edge;

/**
 * How many sessions on one way to subscribers do not answer: a leg that waited gave up on them while they were connected and they
 * have confirmed nothing since, or the verdict on their path is bad.
 *
 * @param failing sessions that do not answer
 * @param sessions all, those included that are gone for less than the resume window
 */
public record Failing(int failing, int sessions) {
    /** Fewer sessions than these say nothing of a transport. */
    private static final int LEAST = 10;

    /**
     * Whether so many fail that it is not the fault of a few.
     *
     * @param percent of the sessions, 1 to 100
     */
    public boolean isAtLeast(int percent) {
        return sessions >= LEAST && failing * 100L >= (long) percent * sessions;
    }
}
