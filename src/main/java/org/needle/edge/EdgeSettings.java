package org.needle.edge;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.needle.access.Access;
import org.needle.path.Pace;

/**
 * What the public port is told.
 *
 * @param host the address to bind
 * @param port the port to bind; 0 = off, -1 = any free one
 * @param tls null: no TLS
 */
public record EdgeSettings(
        String host, int port, @Nullable Tls tls, Loops loops, Limits limits, Timing timing, Callers callers) {
    /**
     * The port that speaks TLS, besides the one that does not.
     *
     * @param port as above
     * @param clients whether they must show a certificate too; the keys say which ones are believed
     */
    public record Tls(int port, TlsKeys keys, Clients clients) {
        /** What is asked of clients. */
        public enum Clients {
            NONE,
            OPTIONAL,
            REQUIRED
        }
    }

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
     * @param streams open streams of one HTTP/2 connection; the client waits with one more
     */
    public record Limits(
            int connections,
            int subscribers,
            int sessions,
            int topics,
            int url,
            int headers,
            int body,
            int frame,
            int streams) {
        public static final Limits DEFAULT =
                new Limits(100_000, 100_000, 100_000, 64, 8 << 10, 16 << 10, 1 << 20, 1 << 20, 256);
    }

    /**
     * Who may come, and with how much.
     *
     * @param access whether tokens are asked for
     * @param origins pages that browsers may let in
     * @param proxies whose word counts about who the client is
     * @param proxyProtocol whether every connection begins with the PROXY protocol
     */
    public record Callers(Access access, Origins origins, Proxies proxies, boolean proxyProtocol, Shares shares) {
        public static final Callers DEFAULT =
                new Callers(Access.OPEN, Origins.NONE, Proxies.NONE, false, Shares.DEFAULT);
    }

    /**
     * What one client may have of everything.
     *
     * @param connections open connections from one address; one more is closed at once
     * @param sessions sessions from one address: 429, or {@code bye} on SSE
     * @param ofSubject sessions of one token's subject, from wherever: as above
     * @param messages messages in a second from one session, or without one from one address: 429; 0: any
     * @param receipts receipts in a second from one session: 429; 0: any
     */
    public record Shares(int connections, int sessions, int ofSubject, int messages, int receipts) {
        public static final Shares DEFAULT = new Shares(1_000, 1_000, 1_000, 50, 20);
    }

    /**
     * @param heartbeat silence after which a stream gets a sign of life
     * @param head a request head must be complete after this: 408; a new connection that sends nothing is closed after it
     * @param body a request body must be complete after this: 408
     * @param idle a kept-alive connection without a request is closed after this
     * @param maxWait longest that a poll waits
     * @param resume how long a session that is not connected is remembered
     * @param stalled a subscriber that takes nothing for this long is ended, and may resume
     * @param drain how long stopping may take
     * @param hold how long the oldest event may be on a response whose client comes back but says nothing
     * @param life of streams whose clients come back
     */
    public record Timing(
            Duration heartbeat,
            Duration head,
            Duration body,
            Duration idle,
            Duration maxWait,
            Duration resume,
            Duration stalled,
            Duration drain,
            Duration hold,
            Duration life) {
        public static final Timing DEFAULT = new Timing(
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofMinutes(10));

        /** What is done where nothing is known of the network. */
        Pace.Usual usual() {
            return new Pace.Usual(heartbeat.toMillis(), hold.toMillis(), life.toMillis());
        }
    }
}
