package org.needle.path;

/**
 * How long a poll or cycle waits on this path. Halved when it was cut, and grown again slowly, because each try beyond the
 * path's limit costs a broken request.
 *
 * @param ms wait for the next request
 */
public record Hold(long ms) {
    private static final long MOST = 25_000;
    private static final long LEAST = 2_000;

    public static final Hold FIRST = new Hold(MOST);

    /** The wait was broken off, or answered by 502 or 504. */
    public Hold cut() {
        return new Hold(Math.max(LEAST, ms / 2));
    }

    /** The wait went to its end. */
    public Hold full() {
        return new Hold(Math.min(MOST, ms + ms / 20));
    }
}
