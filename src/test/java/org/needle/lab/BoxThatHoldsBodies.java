package org.needle.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BoxThatHoldsBodies {
    /** Long enough to say that something is held, and not only late. */
    private static final int HELD = 700;

    private static final String SSE = "Content-Type: text/event-stream\r\n";

    private static String body(Peer client) {
        return client.rest();
    }

    @Test
    void clearPassesEachChunkAtOnceAndKeepsConnections() {
        try (Bench bench = new Bench("clear")) {
            Peer client = bench.client().get("/1");
            Peer server = bench.server();
            assertThat(server.head()).startsWith("GET /1 HTTP/1.1\r\nHost: localhost\r\n");
            server.send(Bench.STREAM);
            assertThat(client.head()).isEqualTo(Bench.STREAM);
            server.chunk("data: 1\n\n");
            client.expectChunk("data: 1\n\n");
            server.send("0\r\n\r\n");
            client.expect("0\r\n\r\n");
            client.send("POST /2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(server.head()).startsWith("POST /2 HTTP/1.1\r\n");
            server.expect("hello").send("HTTP/1.1 204 No Content\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 204 ");
            client.get("/3", Bench.UPGRADE);
            assertThat(server.head()).contains("Upgrade: websocket");
            server.send(Bench.SWITCH + "from the server");
            assertThat(client.head()).isEqualTo(Bench.SWITCH);
            client.expect("from the server").send("\0from the client");
            server.expect("\0from the client").close();
            assertThat(client.end(10_000)).isEqualTo(Peer.End.FIN);
            assertThat(bench.lab().seen()).extracting(Seen::uri).containsExactly("/1", "/2", "/3");
        }
    }

    @Test
    void bufferResponseSendsTheHeadAndHoldsTheBodyToItsEnd() {
        try (Bench bench = new Bench("buffer-response")) {
            Peer client = bench.client().get("/");
            Peer server = bench.server();
            server.head();
            server.send(Bench.STREAM.replace(SSE, SSE + "X-Accel-Buffering: no\r\n"));
            assertThat(client.head()).startsWith("HTTP/1.1 200");
            server.chunk("data: 1\n\n").chunk("data: 2\n\n");
            assertThat(client.isQuiet(HELD)).isTrue();
            server.send("0\r\n\r\n");
            client.expectChunk("data: 1\n\n").expectChunk("data: 2\n\n").expect("0\r\n\r\n");
        }
    }

    @Test
    void bufferResponseGivesWhatItHoldsWhenTheServerIsGone() {
        try (Bench bench = new Bench("buffer-response")) {
            Peer client = bench.client().get("/");
            Peer server = bench.server();
            server.head();
            server.send(Bench.STREAM).chunk("data: 1\n\n").close();
            client.head();
            assertThat(body(client)).isEqualTo("9\r\ndata: 1\n\n\r\n");
        }
    }

    @Test
    void bufferResponseThatIsToldToHonoursXAccelBuffering() {
        try (Bench bench = new Bench("buffer-response-obedient")) {
            Peer client = bench.client().get("/");
            Peer server = bench.server();
            server.head();
            server.send(Bench.STREAM.replace(SSE, SSE + "X-Accel-Buffering: no\r\n"))
                    .chunk("data: 1\n\n");
            client.head();
            client.expectChunk("data: 1\n\n");
        }
    }

    @Test
    void bufferResponsePassesWebSocket() {
        try (Bench bench = new Bench("buffer-response")) {
            passesWebSocket(bench);
        }
    }

    private static void passesWebSocket(Bench bench) {
        Peer client = bench.client().get("/", Bench.UPGRADE);
        Peer server = bench.server();
        server.head();
        server.send(Bench.SWITCH);
        assertThat(client.head()).startsWith("HTTP/1.1 101");
        server.send("frame");
        client.expect("frame").send("answer");
        server.expect("answer");
    }

    @Test
    void buffer4kForwardsFullBlocksAndTheRestAtTheEnd() {
        try (Bench bench = new Bench("buffer-4k")) {
            Peer client = bench.client().get("/");
            Peer server = bench.server();
            server.head();
            server.send(Bench.STREAM).chunk("x".repeat(4_095));
            client.head();
            assertThat(client.isQuiet(HELD)).isTrue();
            server.chunk("yz");
            client.expectChunk("x".repeat(4_095) + "y");
            assertThat(client.isQuiet(HELD)).isTrue();
            server.send("0\r\n\r\n");
            client.expectChunk("z").expect("0\r\n\r\n");
        }
    }

    @Test
    void lateByOneHoldsTheLastChunkUntilTheNextOrTheEnd() {
        try (Bench bench = new Bench("late-by-one")) {
            Peer client = bench.client().get("/");
            Peer server = bench.server();
            server.head();
            server.send(Bench.STREAM).chunk("data: 1\n\n");
            client.head();
            assertThat(client.isQuiet(HELD)).isTrue();
            server.chunk("data: 2\n\n");
            client.expectChunk("data: 1\n\n");
            assertThat(client.isQuiet(HELD)).isTrue();
            server.chunk(":\n");
            client.expectChunk("data: 2\n\n");
            server.send("0\r\n\r\n");
            client.expectChunk(":\n").expect("0\r\n\r\n");
        }
    }

    @Test
    void cork200msDelaysEveryChunkButNotTheHead() {
        try (Bench bench = new Bench("cork-200ms")) {
            Peer client = bench.client().get("/");
            Peer server = bench.server();
            server.head();
            server.send(Bench.STREAM);
            client.head();
            for (int i = 0; i < 3; i++) {
                long sent = System.nanoTime();
                server.chunk("data: " + i + "\n\n");
                client.expectChunk("data: " + i + "\n\n");
                assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sent))
                        .isBetween(200L, 3_000L);
            }
            server.chunk("a").send("0\r\n\r\n");
            client.expectChunk("a").expect("0\r\n\r\n");
        }
    }

    @Test
    void scanTlsHoldsHeadsOfStreamsTooAndPassesLengthsAndWebSocket() {
        try (Bench bench = new Bench("scan-tls")) {
            Peer client = bench.client().send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi");
            Peer server = bench.server();
            server.head();
            server.expect("hi").send(Bench.STREAM).chunk("data: 1\n\n");
            assertThat(client.isQuiet(HELD)).isTrue();
            server.send("0\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200");
            client.expectChunk("data: 1\n\n").expect("0\r\n\r\n").get("/poll");
            server.head();
            server.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]");
            assertThat(client.head()).contains("Content-Length: 2");
            client.expect("[]");
            passesWebSocket(bench);
        }
    }

    @Test
    void scanTlsNoWsHoldsTheSameAndRemovesUpgrade() {
        try (Bench bench = new Bench("scan-tls-no-ws")) {
            Peer client = bench.client().get("/", Bench.UPGRADE);
            Peer server = bench.server();
            assertThat(server.head()).doesNotContainIgnoringCase("upgrade");
            server.send(Bench.STREAM).chunk("data: 1\n\n");
            assertThat(client.isQuiet(HELD)).isTrue();
            server.send("0\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200");
            client.expectChunk("data: 1\n\n");
        }
    }
}
