package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.access.Access;
import org.needle.edge.EdgeSettings;
import org.needle.edge.Origins;
import org.needle.edge.Proxies;
import org.needle.edge.Socket;
import org.needle.edge.SocketListener;
import org.needle.edge.Transport;
import org.needle.hub.TopicFilter;

/** A browser says which page makes the request; pages that are not listed read nothing and send nothing (RFC 6454, Fetch). */
class PageFromElsewhere {
    private static final String LISTED = "https://app.example";
    private static final OpenEdge EDGE =
            OpenEdge.start(plan -> plan.letting(callers(Origins.of(LISTED, Proxies.NONE))));
    private static final String[] HANDSHAKE = {
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: " + RawWebSocket.KEY
    };

    private static EdgeSettings.Callers callers(Origins origins) {
        return new EdgeSettings.Callers(Access.OPEN, origins, Proxies.NONE, false, EdgeSettings.Shares.DEFAULT);
    }

    @BeforeAll
    static void takeMessages() {
        EDGE.edge()
                .messages()
                .listen(TopicFilter.of("t"), Set.of(Transport.values()), m -> CompletableFuture.completedFuture(null));
        EDGE.edge().sockets().open("/plain", new SocketListener() {
            @Override
            public CompletionStage<Void> onText(Socket socket, String text) {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public CompletionStage<Void> onBinary(Socket socket, byte[] data) {
                return CompletableFuture.completedFuture(null);
            }
        });
    }

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    private static int webSocket(String target, String... origins) {
        String[] lines = new String[1 + HANDSHAKE.length + origins.length];
        lines[0] = "GET " + target + " HTTP/1.1";
        System.arraycopy(HANDSHAKE, 0, lines, 1, HANDSHAKE.length);
        for (int i = 0; i < origins.length; i++) {
            lines[1 + HANDSHAKE.length + i] = "Origin: " + origins[i];
        }
        try (Wire wire = new Wire(EDGE.port())) {
            return wire.send(lines).head().status();
        }
    }

    private static Wire.Answer post(String target, String body, String origin) {
        try (Wire wire = new Wire(EDGE.port())) {
            return wire.post(target, body, "Origin: " + origin).answer();
        }
    }

    private static void isGranted(Wire.Head head) {
        assertThat(head.header("Access-Control-Allow-Origin")).isEqualTo(LISTED);
        assertThat(head.header("Access-Control-Allow-Credentials")).isEqualTo("true");
        assertThat(head.header("Access-Control-Expose-Headers")).isEqualTo("Needle-Position, Retry-After");
        assertThat(head.header("Vary")).startsWith("Origin");
    }

    private static void isNotGranted(Wire.Head head) {
        assertThat(head.headers().keySet()).noneMatch(name -> name.startsWith("access-control-"));
        assertThat(head.header("Vary")).startsWith("Origin");
    }

    /** Its TLS may have ended at something in front of the gateway. */
    @Test
    void isNoneByHttpsFromTheSameHost() {
        assertThat(webSocket("/events?topic=t", "https://localhost")).isEqualTo(101);
        assertThat(post("/receipts", "{}", "https://localhost").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "null",
                "http://app.example",
                "https://app.example:8443",
                "https://app.example.evil.example",
                "https://xapp.example",
                "https://app.example/",
                "https://user@app.example",
                "*",
                "https://localhost:1",
                "http://localhost:1",
                ""
            })
    void neitherSendsNorOpensAWebSocketNorReads(String origin) {
        assertThat(webSocket("/events?topic=t", origin)).isEqualTo(403);
        assertThat(webSocket("/plain", origin)).isEqualTo(403);
        assertThat(post("/events?topic=t", "x", origin).status()).isEqualTo(403);
        assertThat(post("/receipts", "{}", origin).status()).isEqualTo(403);
        for (String target : List.of("/info", "/", "/events?topic=t&transport=poll&wait=0")) {
            Wire.Answer read = Wire.ask(EDGE.port(), "GET " + target + " HTTP/1.1", "Origin: " + origin);
            assertThat(read.status()).isEqualTo(200);
            isNotGranted(read.head());
        }
        isNotGranted(post("/events?topic=t", "x", origin).head());
    }

    @Test
    void isRefusedIfItNamesTwoOrigins() {
        assertThat(webSocket("/events?topic=t", LISTED, "https://evil.example")).isEqualTo(403);
        assertThat(webSocket("/events?topic=t", LISTED, LISTED)).isEqualTo(403);
    }

    @Test
    void isServedLikeAnyOtherIfItIsListed() {
        assertThat(webSocket("/events?topic=t", LISTED)).isEqualTo(101);
        assertThat(webSocket("/plain", LISTED)).isEqualTo(101);
        Wire.Answer sent = post("/events?topic=t", "x", LISTED);
        assertThat(sent.status()).isEqualTo(202);
        isGranted(sent.head());
        isGranted(post("/events?topic=nobody", "x", LISTED).head());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/info",
                "/",
                "/live.js",
                "/events?topic=t&transport=poll&wait=0",
                "/events?topic=t&transport=sse",
                "/events?topic=t&transport=stream",
                "/events",
                "/events?topic=t&transport=websocket",
                "/receipts?session=nobody&nonce=n"
            })
    void readsEveryAnswerIfItIsListedRefusalsToo(String target) {
        try (Wire wire = new Wire(EDGE.port())) {
            isGranted(wire.send("GET " + target + " HTTP/1.1", "Origin: " + LISTED)
                    .head());
        }
    }

    @Test
    void readsThatItsBodyIsTooLarge() {
        Wire.Answer answer = post("/events?topic=t", "x".repeat((1 << 20) + 1), LISTED);
        assertThat(answer.status()).isEqualTo(413);
        isGranted(answer.head());
    }

    @Test
    void mayBeTheGatewaysOwn() {
        assertThat(webSocket("/events?topic=t", "http://localhost")).isEqualTo(101);
        assertThat(webSocket("/events?topic=t", "http://LOCALHOST:80")).isEqualTo(101);
        assertThat(post("/events?topic=t", "x", "http://localhost").status()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/events?topic=t", "/receipts", "/info"})
    void isToldBeforehandWhatItMaySend(String target) {
        Wire.Answer answer = Wire.ask(
                EDGE.port(),
                "OPTIONS " + target + " HTTP/1.1",
                "Origin: " + LISTED,
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: content-type");
        assertThat(answer.status()).isEqualTo(204);
        isGranted(answer.head());
        assertThat(answer.header("Access-Control-Allow-Methods")).isEqualTo("GET, HEAD, POST");
        assertThat(answer.header("Access-Control-Allow-Headers"))
                .isEqualTo("Authorization, Content-Type, Last-Event-ID, Idempotency-Key");
        assertThat(answer.header("Access-Control-Max-Age")).isEqualTo("600");
        Wire.Answer foreign = Wire.ask(
                EDGE.port(),
                "OPTIONS " + target + " HTTP/1.1",
                "Origin: https://evil.example",
                "Access-Control-Request-Method: POST");
        assertThat(foreign.status()).isEqualTo(403);
        isNotGranted(foreign.head());
    }

    @Test
    void isKnownFromAFileThatIsReadAgainWithoutAnybodyLeaving(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("origins"), "# those of today\n" + LISTED + "\n");
        Origins origins = Origins.of("file:" + file, Proxies.NONE);
        try (OpenEdge edge = OpenEdge.start(plan -> plan.letting(callers(origins)));
                Subscriber follower = Subscriber.open(Transport.SSE, Ask.of(edge.port(), "t"))) {
            follower.hello();
            assertThat(grants(edge, LISTED)).isTrue();
            assertThat(grants(edge, "https://new.example")).isFalse();
            Files.writeString(file, "https://new.example");
            origins.reread();
            assertThat(grants(edge, LISTED)).isFalse();
            assertThat(grants(edge, "https://new.example")).isTrue();
            Files.writeString(file, LISTED + "\nno origin\n");
            origins.reread();
            assertThat(grants(edge, "https://new.example"))
                    .as("a wrong file changes nothing")
                    .isTrue();
            assertThat(grants(edge, LISTED)).isFalse();
            Files.delete(file);
            origins.reread();
            assertThat(grants(edge, "https://new.example"))
                    .as("nor does one that is gone")
                    .isTrue();
            Files.writeString(file, LISTED);
            origins.reread();
            assertThat(grants(edge, LISTED)).isTrue();
            edge.publish("t", "still here");
            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(follower.data())
                    .containsExactly("still here"));
        }
    }

    private static boolean grants(OpenEdge edge, String origin) {
        return !Wire.ask(edge.port(), "GET /info HTTP/1.1", "Origin: " + origin)
                .header("Access-Control-Allow-Origin")
                .isEmpty();
    }
}
