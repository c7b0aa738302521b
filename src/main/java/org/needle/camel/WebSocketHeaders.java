package org.needle.camel;

import org.apache.camel.spi.Metadata;

/** The headers of {@code websocket-jsr356:/path} and {@code websocket-jsr356:ws://...}, named as in Camel 3. */
public interface WebSocketHeaders {
    @Metadata(
            description = "The connection that the message came by; ours, not a jakarta.websocket.Session.",
            javaType = "org.needle.camel.Session")
    String SESSION = "jsr356.session";

    @Metadata(
            label = "producer",
            description =
                    "Whether to send to the connection in jsr356.session only, instead of to all at the path or to the server.",
            javaType = "boolean")
    String USE_INCOMING = "jsr356.producer.session.incoming.use";
}
