package org.needle.edge;

/**
 * How a stream ended, for whoever comes back from it. Times in ms.
 *
 * @param session its session's id
 * @param nonce its own
 * @param offset up to where it was sent
 * @param joined up to where it had been when it began
 * @param at when it ended, as {@link Networks#now}
 * @param age how old it was
 * @param quiet how long nothing had been sent
 * @param held for how long an event had been on its way; 0: none was sent
 * @param reason why
 */
record Departure(
        String session,
        String nonce,
        long offset,
        long joined,
        long at,
        long age,
        long quiet,
        long held,
        Counters.End reason) {
    /** Events that are so long on their way, and have not come when the connection ends, were held. */
    private static final long HELD = 1_000;

    /** Whether we ended it. */
    boolean planned() {
        return reason != Counters.End.CLIENT;
    }

    /** Whether {@code back}, where the client is when it comes back, shows that what it was sent had been held on the way. */
    boolean shows(long back) {
        return !planned() && held >= HELD && back <= joined && back < offset;
    }
}
