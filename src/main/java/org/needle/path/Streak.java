package org.needle.path;

/**
 * The same length seen again and again. Immutable.
 *
 * @param length in ms, the shortest of those that are taken for the same
 * @param count how often in a row
 * @param at when last, in ms
 */
public record Streak(long length, int count, long at) {
    static final Streak NONE = new Streak(0, 0, 0);

    /** Lengths that differ by less than this, in ms, or an eighth are the same: both ends of a busy machine are late at times. */
    private static final long ALIKE = 500;

    /** After {@code seen} ms were seen at {@code now}: one more, or the first of another length. */
    Streak next(long seen, long now) {
        boolean same = count > 0 && Evidence.isFresh(at, now) && Math.abs(seen - length) <= Math.max(ALIKE, length / 8);
        return same ? new Streak(Math.min(length, seen), count + 1, now) : new Streak(seen, 1, now);
    }

    /** The length if it was seen at least {@code times}, lately; else 0. */
    long known(int times, long now) {
        return count >= times && Evidence.isFresh(at, now) ? length : 0;
    }
}
