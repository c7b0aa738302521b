package org.needle.path;

/**
 * What one stream does for the sake of its path. All in ms.
 *
 * @param heartbeat longest silence
 * @param life the age at which it ends by itself; 0: never
 * @param hold how long it may go on after the oldest event written on it; 0: it ends with the burst; {@link #NEVER}: that ends
 *     nothing
 * @param trail how long after a burst a comment follows, which pushes on what is one part late; 0: none does
 * @param retry how soon its client is to come back after an end that was not planned
 */
public record Pace(long heartbeat, long life, long hold, long trail, long retry) {
    public static final long NEVER = Long.MAX_VALUE;
    /** How long after a burst what is one part late is pushed on, where that is known or suspected. */
    public static final int SOON = 20;
    /** The same where nothing is known. */
    public static final long LATER = 250;
    /** The same where receipts come, but none yet for what was sent last: what a receipt takes, and its way. */
    public static final int UNSURE = 500;

    /** Whether each burst is followed by the end of the response. */
    public boolean cycles() {
        return hold == 0;
    }

    /**
     * What is done where nothing is known.
     *
     * @param hold of a client that says nothing but comes back
     * @param life of streams whose clients come back
     */
    public record Usual(long heartbeat, long hold, long life) {}
}
