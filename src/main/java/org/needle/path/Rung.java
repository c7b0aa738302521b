package org.needle.path;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One way to get events, best first. A cycle and both polls are made of answers that end. */
public enum Rung {
    SSE,
    WEBSOCKET,
    /** NDJSON, asked for by POST. */
    STREAM,
    /** A stream that ends after each burst and is asked for again. */
    CYCLE,
    POLL,
    /** A poll that is answered at once, every few seconds. */
    SHORT_POLL;

    public static final List<Rung> ALL = List.of(values());

    private static final Map<String, Rung> BY_LABEL =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Rung::label, Function.identity()));

    /** The name in options, logs and receipts. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The rung of that name, or null. */
    public static @Nullable Rung of(String label) {
        return BY_LABEL.get(label);
    }

    /** Whether it is made of answers that end, which boxes that hold data cannot hold for longer. */
    public boolean isFinite() {
        return compareTo(CYCLE) >= 0;
    }

    /** Whether it is answered as a whole. */
    public boolean isPoll() {
        return compareTo(POLL) >= 0;
    }
}
