package org.needle.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.needle.conformance.OpenEdge;
import org.needle.conformance.TestKeys;

/** The programs do to raw clients what they are set up for; what our own clients make of it is tried elsewhere. */
@Tag("lab")
@ResourceLock(value = "lab", mode = ResourceAccessMode.READ)
@Tag("clients")
@Timeout(120)
class MiddleboxesByOthers {
    private static final String SSE = "GET /events?topic=t HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n";
    private static final String SOCKET = "GET /events?topic=t HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private static OpenEdge edge;

    @BeforeAll
    static void start(@TempDir java.nio.file.Path folder) {
        edge = OpenEdge.start(plan -> plan.tls(new TestKeys(folder).keys()).heartbeat(Duration.ofSeconds(30)));
    }

    @AfterAll
    static void stop() {
        edge.close();
    }

    /** What came within a time; the end of the connection is told by a last line. */
    private static String within(int millis, Socket socket, String ask) throws IOException {
        socket.getOutputStream().write(ask.getBytes(StandardCharsets.US_ASCII));
        StringBuilder got = new StringBuilder();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        InputStream in = socket.getInputStream();
        byte[] some = new byte[4_096];
        while (System.nanoTime() < end) {
            socket.setSoTimeout((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
            try {
                int n = in.read(some);
                if (n < 0) {
                    return got + "\nended";
                }
                got.append(new String(some, 0, n, StandardCharsets.US_ASCII));
            } catch (SocketTimeoutException e) {
                break;
            }
        }
        return got.toString();
    }

    private static String within(int millis, Middlebox box, String ask) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), box.port())) {
            return within(millis, socket, ask);
        }
    }

    @Test
    void nginxAsItComesHonoursTheHeaderAndPassesNoWebSocket() throws IOException {
        try (Middlebox box = Middlebox.start(Middlebox.Kind.NGINX_DEFAULT, edge)) {
            assertThat(within(3_000, box, SSE)).contains("needle-hello");
            assertThat(within(3_000, box, SOCKET)).doesNotContain("HTTP/1.1 101");
        }
    }

    @Test
    void nginxThatBuffersHoldsEvents() throws IOException {
        try (Middlebox box = Middlebox.start(Middlebox.Kind.NGINX_BUFFERING, edge)) {
            assertThat(within(3_000, box, SSE)).doesNotContain("needle-hello");
        }
    }

    @Test
    void haproxyThatWaitsHoldsStreamsAndPassesWebSocket() throws IOException {
        try (Middlebox box = Middlebox.start(Middlebox.Kind.HAPROXY_WAIT, edge)) {
            assertThat(within(3_000, box, SSE)).doesNotContain("needle-hello");
            assertThat(within(3_000, box, SOCKET)).contains("HTTP/1.1 101", "\"control\":\"hello\"");
        }
    }

    @Test
    void haproxyThatDropsUpgradesAnswersNothing() throws IOException {
        try (Middlebox box = Middlebox.start(Middlebox.Kind.HAPROXY_DROP, edge)) {
            assertThat(within(3_000, box, SSE)).contains("needle-hello");
            assertThat(within(3_000, box, SOCKET)).isEmpty();
        }
    }

    @Test
    void haproxyWithShortTimeOutsCutsAfterSilence() throws IOException {
        try (Middlebox box = Middlebox.start(Middlebox.Kind.HAPROXY_SHORT, edge)) {
            assertThat(within(12_000, box, SSE)).contains("needle-hello").endsWith("ended");
        }
    }

    @Test
    void squidWantsToKnowWhoAsks() throws IOException {
        try (Middlebox box = Middlebox.start(Middlebox.Kind.SQUID, edge)) {
            String connect = "CONNECT 127.0.0.1:" + edge.tlsPort() + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
            String who = Base64.getEncoder().encodeToString("user:secret".getBytes(StandardCharsets.US_ASCII));
            assertThat(within(5_000, box, connect + "\r\n")).startsWith("HTTP/1.1 407 ");
            assertThat(within(5_000, box, connect + "Proxy-Authorization: Basic " + who + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void mitmproxyInterceptsTlsAndHoldsStreams() throws IOException {
        try (Middlebox box = Middlebox.start(Middlebox.Kind.MITMPROXY, edge);
                SSLSocket socket = tls(box);
                SSLSocket other = tls(box)) {
            assertThat(within(4_000, socket, SSE)).doesNotContain("needle-hello");
            assertThat(within(4_000, other, SOCKET)).contains("HTTP/1.1 101", "\"control\":\"hello\"");
        }
    }

    private static SSLSocket tls(Middlebox box) throws IOException {
        return (SSLSocket)
                TestKeys.trusting().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), box.port());
    }
}
