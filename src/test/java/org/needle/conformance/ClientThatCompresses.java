package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.access.Mint;
import org.needle.edge.ClientMessage;
import org.needle.edge.Transport;
import org.needle.hub.TopicFilter;

/** Nothing is unpacked, for nobody: a thousand bytes can be a million. Nor is anything packed on the way out. */
class ClientThatCompresses {
    private static final OpenEdge EDGE = OpenEdge.start();
    private static final List<ClientMessage> HEARD = new CopyOnWriteArrayList<>();
    private static final byte[] BOMB = zip(100 << 20);

    @BeforeAll
    static void takeWhatIsSent() {
        EDGE.edge().messages().listen(TopicFilter.of("t"), Set.of(Transport.values()), message -> {
            HEARD.add(message);
            return CompletableFuture.completedFuture(null);
        });
    }

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    private static byte[] zip(int zeros) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(zipped)) {
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < zeros; i += block.length) {
                out.write(block);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zipped.toByteArray();
    }

    private static Wire.Answer post(int port, String target, byte[] body, String... headers) {
        try (Wire wire = new Wire(port)) {
            String[] head = new String[headers.length + 2];
            head[0] = "POST " + target + " HTTP/1.1";
            head[1] = "Content-Length: " + body.length;
            System.arraycopy(headers, 0, head, 2, headers.length);
            return wire.send(head).raw(body).answer();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "deflate", "br", "zstd", "x-gzip", "identity, gzip", "gzip, identity", ""})
    void isToldThatItsBodyIsNotTaken(String coding) {
        for (String target : List.of("/events?topic=t", "/receipts", "/tickets")) {
            Wire.Answer answer = post(EDGE.port(), target, BOMB, "Content-Encoding: " + coding);
            assertThat(answer.status()).isEqualTo(415);
            assertThat(answer.header("Accept-Encoding")).isEqualTo("identity");
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        }
        assertThat(HEARD).isEmpty();
    }

    @Test
    void isServedIfItDoesNot() {
        assertThat(post(EDGE.port(), "/events?topic=t", new byte[] {'x'}, "Content-Encoding: Identity")
                        .status())
                .isEqualTo(202);
        assertThat(HEARD).hasSize(1);
        HEARD.clear();
    }

    @Test
    void isToldSoBeforeItsTokenIsLookedAt() {
        Mint mint = new Mint();
        try (OpenEdge guarded = OpenEdge.start(plan -> plan.guardedBy(mint.access()))) {
            for (String target : List.of("/events?topic=t", "/tickets")) {
                assertThat(post(guarded.port(), target, BOMB, "Content-Encoding: gzip")
                                .status())
                        .isEqualTo(415);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits; server_no_context_takeover",
                "x-webkit-deflate-frame"
            })
    void isOfferedNoExtensionOfWebSockets(String extension) {
        String[] offer = {"Sec-WebSocket-Extensions: " + extension};
        try (Wire wire = new Wire(EDGE.port())) {
            Wire.Head head = wire.send(
                            "GET /events?topic=t HTTP/1.1",
                            "Upgrade: websocket",
                            "Connection: Upgrade",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: " + RawWebSocket.KEY,
                            offer[0])
                    .head();
            assertThat(head.status()).isEqualTo(101);
            assertThat(head.headers()).doesNotContainKey("sec-websocket-extensions");
        }
        try (RawWebSocket socket = new RawWebSocket(EDGE.port(), "/events?topic=t", offer)) {
            socket.next();
            EDGE.publish("t", "plain");
            assertThat(socket.next().path("data").asText()).isEqualTo("plain");
            socket.frame(0xc1, true, new byte[] {1, 2, 3});
            assertThat(socket.closeStatus()).isEqualTo(1002);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sse", "stream", "poll"})
    void isAnsweredInPlainBytes(String transport) {
        EDGE.publish("t", "plain");
        try (Wire wire = new Wire(EDGE.port())) {
            Wire.Head head = wire.send(
                            "GET /events?topic=t&position=earliest&wait=0&transport=" + transport + " HTTP/1.1",
                            "Accept-Encoding: gzip, deflate, br")
                    .head();
            assertThat(head.header("Content-Encoding")).isIn("", "identity");
            assertThat(wire.body(head).until("plain")).contains("hello");
        }
    }
}
