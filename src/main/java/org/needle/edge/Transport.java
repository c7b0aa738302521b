package org.needle.edge;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The ways to a subscriber. */
public enum Transport {
    SSE,
    WEBSOCKET,
    STREAM,
    POLL;

    /** The labels of all. */
    static final List<String> LABELS =
            Arrays.stream(values()).map(Transport::label).toList();

    /** The name in URLs, metrics and logs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
