package org.needle.path;

import java.util.Locale;

/**
 * One thing that happened to an attempt.
 *
 * @param at ms since the attempt began
 * @param value of {@link What#STATUS} the status (101: a WebSocket is open), of {@link What#CLOSE} the code; of decoded things
 *     the bytes that had come by then, if known; else 0
 */
public record Seen(long at, What what, long value) {
    /** What can be seen. Hello, tick, event and echo count only once they are decoded. */
    public enum What {
        STATUS,
        /** The answer is not of the kind that was asked for. */
        OTHER,
        HELLO,
        TICK,
        EVENT,
        ECHO,
        /** An object whose sum is wrong, or that is none. */
        DAMAGED,
        BYE,
        /** The answer ended as it should. */
        END,
        /** A WebSocket's close. */
        CLOSE,
        /** Refused, reset or broken off. */
        RESET,
        /** The read timer ran out. */
        SILENCE;

        public static What of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }

        boolean isDecoded() {
            return compareTo(HELLO) >= 0 && compareTo(ECHO) <= 0;
        }

        boolean isEnd() {
            return compareTo(END) >= 0;
        }
    }
}
