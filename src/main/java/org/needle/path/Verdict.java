package org.needle.path;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a network path does to one transport. The names are the same on the wire, in logs, metrics and pages. */
public enum Verdict {
    CLEAR,
    /** Refused, or never answered. */
    BLOCKED,
    KILLED_AFTER_OPEN,
    /** Open, and silent for ever. */
    SWALLOWED,
    /** Held until so many bytes have come together. */
    BUFFERED,
    /** The last part is held until the next one comes. */
    HELD_TO_NEXT,
    /** Held until the response ends. */
    HELD_TO_END,
    DELAYED,
    CUT_AT,
    /** Headers are taken away. */
    STRIPPED,
    METHOD_DENIED,
    HTTP10,
    PROXY_AUTH,
    REWRITTEN,

    // these say nothing of a transport
    CAPTIVE_PORTAL,
    UNAVAILABLE,
    OFFLINE;

    private static final Map<String, Verdict> BY_LABEL =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Verdict::label, Function.identity()));

    /** The name on the wire. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The verdict of that name, or null. */
    public static @Nullable Verdict of(String label) {
        return BY_LABEL.get(label);
    }

    /** Whether a client should rather be on another transport; a cut or a delay can be lived with. */
    public boolean isBad() {
        return switch (this) {
            case BLOCKED, KILLED_AFTER_OPEN, SWALLOWED, BUFFERED, HELD_TO_END, METHOD_DENIED, REWRITTEN -> true;
            default -> false;
        };
    }

    /** Whether it tells of the transport, and not of the moment. */
    public boolean isOfTransport() {
        return compareTo(CAPTIVE_PORTAL) < 0;
    }
}
