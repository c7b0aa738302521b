package org.needle.edge;

import java.time.Duration;
import org.needle.access.Access;

/**
 * What the public port is told.
 *
 * @param host the address to bind
 * @param port the port to bind; 0 = off, -1 = any free one
 */
public record EdgeSettings(String host, int port, Loops loops, Limits limits, Timing timing, Access access) {
    public static final EdgeSettings DEFAULT =
            new EdgeSettings("127.0.0.1", 8080, Loops.DEFAULT, Limits.DEFAULT, Timing.DEFAULT, Access.OPEN);

    /**
     * The event loops that serve all connections.
     *
     * @param count how many, each with a thread
     */
    public record Loops(Io io, int count) {
        /** Half of the processors: the routes want the others, and so does the kernel. */
        public static final Loops DEFAULT =
                new Loops(Io.AUTO, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    /**
     * What a client may send or hold. Beyond a limit it gets a named answer.
     *
     * @param connections open connections in all; one more is closed at once
     * @param subscribers streams, WebSockets and waiting polls in all; one more gets 503, or {@code bye} on SSE
     * @param sessions sessions remembered in all
     * @param topics topics that one subscriber follows: 400
     * @param url bytes of the request line: 414
     * @param headers bytes of all request headers: 431
     * @param body bytes of a request body: 413
     * @param frame bytes of a WebSocket message: close 1009
     */
    public record Limits(
            int connections, int subscribers, int sessions, int topics, int url, int headers, int body, int frame) {
        public static final Limits DEFAULT =
                new Limits(100_000, 100_000, 100_000, 64, 8 << 10, 16 << 10, 1 << 20, 1 << 20);
    }

    /**
     * @param heartbeat silence after which a stream gets a sign of life
     * @param head a request head must be complete after this: 408
     * @param body a request body must be complete after this: 408
     * @param idle a kept-alive connection without a request is closed after this
     * @param maxWait longest that a poll waits
     * @param resume how long a session that is not connected is remembered
     * @param stalled a subscriber that takes nothing for this long is ended, and may resume
     * @param drain how long stopping may take
     */
    public record Timing(
            Duration heartbeat,
            Duration head,
            Duration body,
            Duration idle,
            Duration maxWait,
            Duration resume,
            Duration stalled,
            Duration drain) {
        public static final Timing DEFAULT = new Timing(
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(5));
    }
}
