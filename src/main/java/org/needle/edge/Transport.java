package org.needle.edge;

import java.util.Locale;

/** The ways to a subscriber. */
public enum Transport {
    SSE,
    WEBSOCKET,
    STREAM,
    POLL;

    /** The name in URLs, metrics and logs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
