package org.needle.hub;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in the log: the offset of the last event seen, and the epoch of the log that gave out the offset. Printed as
 * {@code epoch-offset} in base 36; clients treat it as opaque. An event's id is its position.
 *
 * @param epoch names one life of one log, lower-case letters and digits; never reused
 * @param offset 0 before the first event, then 1, 2, 3 …
 */
public record Position(String epoch, long offset) {
    /** The longest text that is looked at. */
    public static final int MAX_LENGTH = 128;

    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._~:-]{1," + MAX_LENGTH + "}");
    private static final Pattern OURS = Pattern.compile("[0-9a-z]{1,24}-[0-9a-z]{1,12}");

    /** True if the text could be a position of any log, so that asking for it is no error. */
    public static boolean isWellFormed(String text) {
        return WELL_FORMED.matcher(text).matches();
    }

    /** The position that {@code text} names, or null if no log of this kind has printed it. */
    public static @Nullable Position parse(String text) {
        if (!OURS.matcher(text).matches()) {
            return null;
        }
        int dash = text.indexOf('-');
        return new Position(text.substring(0, dash), Long.parseLong(text.substring(dash + 1), 36));
    }

    @Override
    public String toString() {
        return epoch + '-' + Long.toString(offset, 36);
    }
}
