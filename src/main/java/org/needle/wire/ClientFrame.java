package org.needle.wire;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Content;

/** What a client says over a WebSocket, or in the body of a receipt. Checked for syntax only. */
public sealed interface ClientFrame {
    /**
     * What a client opens with when its URL or headers cannot carry it. All fields may be missing.
     *
     * @param topics empty if not given
     */
    record Open(
            @Nullable String token,
            @Nullable String position,
            List<String> topics,
            @Nullable String session,
            @Nullable String resume)
            implements ClientFrame {}

    /**
     * Proof that data has arrived.
     *
     * @param session given where the connection does not say it
     * @param position up to where
     * @param verdicts what the client has found out about its network: transports, or rungs, and the names of verdicts
     */
    record Receipt(@Nullable String session, String nonce, @Nullable String position, Map<String, String> verdicts)
            implements ClientFrame {}

    /**
     * Asks for a ticket.
     *
     * @param topics empty: all that the token grants
     */
    record Ticket(@Nullable String token, List<String> topics, boolean cookie) implements ClientFrame {}

    /** To be answered alike. */
    record Echo(String nonce) implements ClientFrame {}

    /**
     * A message to a topic.
     *
     * @param key the client's own name for the message: idempotency key, and how its answer is recognised
     */
    record Message(String topic, Content content, @Nullable String key) implements ClientFrame {}
}
