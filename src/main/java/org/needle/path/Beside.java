package org.needle.path;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known beside an attempt: mostly from {@code /info}.
 *
 * @param info how {@code /info} was answered since the attempt went wrong; null: not asked, taken for {@link Info#OURS}
 * @param rtt how long an answer takes, in ms
 * @param connect how long connecting takes, in ms; -1: unknown
 * @param missing headers that were sent and did not arrive, names in lower case
 * @param http10 whether the gateway was spoken to in HTTP/1.0
 */
public record Beside(@Nullable Info info, long rtt, long connect, List<String> missing, boolean http10) {
    private static final long DELAY = 150;

    /** How {@code /info} was answered. */
    public enum Info {
        /** By the gateway, as it is. */
        OURS,
        /** Something passes, but it is not as the gateway said it: damaged, or denied. */
        ODD,
        /** By somebody who wants the user to log in. */
        PORTAL,
        /** By nobody who could: refused, 502, 503, 504. */
        AWAY,
        /** Not at all. */
        NONE;

        /** Whether transports may be blamed for what goes wrong. */
        public boolean passes() {
            return this == OURS || this == ODD;
        }
    }

    /** How long to wait for a sign of data, in ms: clamp(4 x RTT + 1.3 s, 2 s, 8 s). */
    public static long budget(long rtt) {
        return Math.max(2_000, Math.min(8_000, 4 * rtt + 1_300));
    }

    /** The silence, in ms, after which a stream is dead. */
    public static long silence(long heartbeat) {
        return 2 * heartbeat + 5_000;
    }

    /** What every answer is late by beyond the way, in ms; 0 if it is nothing to speak of. */
    long delay() {
        long delay = connect < 0 ? 0 : rtt - connect;
        return delay < DELAY ? 0 : delay;
    }

    /** What a failure says with {@code /info} answered like this. */
    Verdict blame(Verdict verdict) {
        if (info == null || info.passes() || verdict == Verdict.PROXY_AUTH) {
            return verdict;
        }
        return switch (info) {
            case PORTAL -> Verdict.CAPTIVE_PORTAL;
            case AWAY -> Verdict.UNAVAILABLE;
            default -> Verdict.OFFLINE;
        };
    }
}
