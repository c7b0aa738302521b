package org.needle.wire;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a gateway says, as its clients see it. */
public sealed interface ServerFrame {
    /**
     * An event.
     *
     * @param data the exact text; base64 if {@code binary}
     * @param intact its sum is right, or there is none
     */
    record Event(String id, String topic, @Nullable String name, String data, boolean binary, boolean intact)
            implements ServerFrame {}

    /**
     * First on every connection.
     *
     * @param heartbeat longest silence, in ms
     */
    record Hello(String session, String nonce, String resume, String position, long heartbeat) implements ServerFrame {}

    /** Events are gone. */
    record Hole(List<String> topics, String from, String to, String reason) implements ServerFrame {}

    record Tick(String position) implements ServerFrame {}

    /** The gateway ends the connection; it may be opened again after {@code retryAfter} ms. */
    record Bye(String reason, long retryAfter) implements ServerFrame {}

    /** The gateway orders another transport. */
    record Switch(String transport, String reason) implements ServerFrame {}

    /** The answer to an echo. */
    record Echo(String nonce) implements ServerFrame {}

    /** A control that is of no use to a follower, or that is newer than this client. */
    record Other(String control) implements ServerFrame {}

    /**
     * The answer of {@code /info}.
     *
     * @param headers of the request, as they arrived; names in lower case
     * @param protocol as HTTP/1.1; empty if it was not told
     */
    record Info(String nonce, Map<String, String> headers, String protocol) {}
}
