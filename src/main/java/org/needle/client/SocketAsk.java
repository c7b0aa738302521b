package org.needle.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A WebSocket to be opened.
 *
 * @param uri ws or wss
 * @param protocols subprotocols, the preferred one first
 * @param timeout until the handshake is done
 * @param heartbeat a ping goes out after so much time; two of them without anything from the other end are {@link Fault#SILENT}
 */
public record SocketAsk(
        URI uri, Map<String, List<String>> headers, List<String> protocols, Duration timeout, Duration heartbeat) {
    /** @throws IllegalArgumentException if a header is none, or not to be chosen; without its value */
    public SocketAsk {
        Dial.check(headers);
    }

    public static SocketAsk of(URI uri) {
        return new SocketAsk(uri, Map.of(), List.of(), Duration.ofSeconds(10), Duration.ofSeconds(15));
    }
}
