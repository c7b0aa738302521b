package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.hub.Content;

/** A WebSocket on /events, frame by frame (RFC 6455). */
class WebSocketOnTheWire {
    private static final OpenEdge EDGE = OpenEdge.start();

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    private static RawWebSocket open(String query, String... headers) {
        return new RawWebSocket(EDGE.port(), "/events?" + query, headers);
    }

    @Test
    void acceptsTheKeyAndBeginsWithHello() {
        try (RawWebSocket socket = open("topic=ws/begin")) {
            assertThat(socket.head().header("Sec-WebSocket-Accept")).isEqualTo(RawWebSocket.ACCEPT);
            assertThat(socket.head().headers())
                    .doesNotContainKeys("sec-websocket-protocol", "sec-websocket-extensions");
            RawWebSocket.RawFrame first = socket.read();
            assertThat(first.first()).isEqualTo(RawWebSocket.TEXT);
            JsonNode hello = first.json();
            assertThat(hello.path("control").asText()).isEqualTo("hello");
            assertThat(hello.path("session").asText()).matches("[A-Za-z0-9_-]{16,64}");
            assertThat(hello.path("position").asText()).isNotEmpty();
            assertThat(hello.path("nonce").asText()).isNotEmpty();
            assertThat(hello.path("resume").asText()).isNotEmpty();
            assertThat(hello.path("heartbeat").asLong()).isEqualTo(15_000);
            assertThat(hello.path("recovered").asBoolean()).isTrue();
            assertThat(hello.path("transports")).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"needle.v1", "other, needle.v1", "needle.v1,other"})
    void choosesOurSubprotocolIfItIsOffered(String offered) {
        try (RawWebSocket socket = open("topic=t", "Sec-WebSocket-Protocol: " + offered)) {
            assertThat(socket.head().header("Sec-WebSocket-Protocol")).isEqualTo("needle.v1");
            assertThat(socket.next().path("control").asText()).isEqualTo("hello");
        }
    }

    @Test
    void choosesNoSubprotocolIfOnlyOthersAreOffered() {
        try (RawWebSocket socket = open("topic=t", "Sec-WebSocket-Protocol: mqtt")) {
            assertThat(socket.head().headers()).doesNotContainKey("sec-websocket-protocol");
            assertThat(socket.next().path("control").asText()).isEqualTo("hello");
        }
    }

    @Test
    void waitsForTheFirstFrameIfAskedTo() {
        String position = EDGE.publish("ws/late", "0");
        EDGE.publish("ws/late", "1");
        try (RawWebSocket socket = open("open=frame")) {
            socket.frame(RawWebSocket.PING, true, new byte[] {7});
            assertThat(socket.read().first()).as("a pong and no hello").isEqualTo(RawWebSocket.PONG);
            socket.text("{\"control\":\"open\",\"topics\":[\"ws/late\"],\"position\":\"" + position + "\"}");
            JsonNode hello = socket.next();
            assertThat(hello.path("control").asText()).isEqualTo("hello");
            assertThat(hello.path("recovered").asBoolean()).isTrue();
            assertThat(socket.next().path("data").asText()).isEqualTo("1");
        }
    }

    static Stream<Content> contents() {
        return SseOnTheWire.golden().map(arguments -> (Content) arguments.get()[0]);
    }

    @ParameterizedTest
    @MethodSource("contents")
    void sendsOneObjectAFrame(Content content) {
        try (RawWebSocket socket = open("topic=ws/exact")) {
            socket.next();
            String id = EDGE.publish("ws/exact", content);
            assertThat(socket.next()).isEqualTo(Envelope.of(id, "ws/exact", content, false));
        }
    }

    @Test
    void addsTheSumIfAskedTo() {
        try (RawWebSocket socket = open("topic=ws/sum&sum=1")) {
            socket.next();
            Content content = Content.text("n", "123456789");
            String id = EDGE.publish("ws/sum", content);
            JsonNode event = socket.next();
            assertThat(event.path("sum").asLong())
                    .as("the check value of CRC-32")
                    .isEqualTo(0xcbf43926L);
            assertThat(event).isEqualTo(Envelope.of(id, "ws/sum", content, true));
        }
    }

    @Test
    void ticksOnEveryHeartbeat() {
        try (OpenEdge edge = OpenEdge.start(plan -> plan.heartbeat(Duration.ofMillis(150)));
                RawWebSocket socket = new RawWebSocket(edge.port(), "/events?topic=quiet")) {
            String position = socket.read().json().path("position").asText();
            for (int ticks = 0; ticks < 3; ) {
                RawWebSocket.RawFrame frame = socket.read();
                if (frame.first() == RawWebSocket.TEXT) {
                    assertThat(frame.json().path("control").asText()).isEqualTo("tick");
                    assertThat(frame.json().path("position").asText()).isEqualTo(position);
                    ticks++;
                }
            }
        }
    }

    @Test
    void answersPingEchoAndClose() {
        try (RawWebSocket socket = open("topic=t")) {
            socket.next();
            socket.frame(RawWebSocket.PING, true, "ping!".getBytes(StandardCharsets.UTF_8));
            RawWebSocket.RawFrame pong = socket.read();
            assertThat(pong.first()).isEqualTo(RawWebSocket.PONG);
            assertThat(pong.text()).isEqualTo("ping!");
            socket.text("{\"control\":\"echo\",\"nonce\":\"n-1\"}");
            assertThat(socket.next()).isEqualTo(Frame.parse("{\"control\":\"echo\",\"nonce\":\"n-1\"}"));
            socket.frame(RawWebSocket.CLOSE, true, new byte[] {3, (byte) 0xe8});
            assertThat(socket.closeStatus()).isEqualTo(1000);
        }
    }

    static Stream<Arguments> wrongFrames() {
        byte[] none = {};
        byte[] badUtf8 = {'{', (byte) 0xc3, '}'};
        return Stream.of(
                Arguments.of("unmasked", 0x81, false, "{}".getBytes(StandardCharsets.UTF_8), 1002),
                Arguments.of("RSV1 without extension", 0xc1, true, none, 1002),
                Arguments.of("reserved opcode", 0x83, true, none, 1002),
                Arguments.of("continuation of nothing", 0x80, true, none, 1002),
                Arguments.of("fragmented ping", 0x09, true, none, 1002),
                Arguments.of("long ping", 0x89, true, new byte[126], 1002),
                Arguments.of("close with one byte", 0x88, true, new byte[1], 1002),
                Arguments.of("close with a reserved status", 0x88, true, new byte[] {3, (byte) 0xed}, 1002),
                Arguments.of("text that is not UTF-8", 0x81, true, badUtf8, 1007),
                Arguments.of("a message beyond the limit", 0x81, true, new byte[(1 << 20) + 1], 1009));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongFrames")
    void isClosedWithAStatusAfter(String what, int first, boolean masked, byte[] payload, int status) {
        try (RawWebSocket socket = open("topic=t")) {
            assertThat(socket.next().path("control").asText()).isEqualTo("hello");
            try {
                socket.frame(first, masked, payload);
            } catch (java.io.UncheckedIOException e) {
                // the server may hang up before it has read all of a message that is too long
            }
            assertThat(socket.closeStatus()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"not JSON", "[]", "{\"control\":\"nonsense\"}", "{\"topic\":\"a//b\",\"data\":\"x\"}", "7"})
    void hasANamedAnswerToTextThatMakesNoSense(String text) {
        try (RawWebSocket socket = open("topic=t")) {
            socket.next();
            socket.text(text);
            RawWebSocket.RawFrame answer = socket.read();
            while (answer.first() == RawWebSocket.TEXT && answer.text().contains("\"tick\"")) {
                answer = socket.read();
            }
            boolean closed = answer.first() == RawWebSocket.CLOSE && answer.status() >= 1002;
            boolean refused =
                    answer.first() == RawWebSocket.TEXT && answer.json().has("control");
            assertThat(closed || refused).as(answer.text()).isTrue();
        }
    }

    @Test
    void takesAMessageOfExactlyTheLimit() {
        try (RawWebSocket socket = open("topic=t")) {
            socket.next();
            String frame = "{\"control\":\"echo\",\"nonce\":\"n\"}";
            socket.text(frame + " ".repeat((1 << 20) - frame.length()));
            assertThat(socket.next().path("control").asText()).isEqualTo("echo");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 8, 12, 14, 255})
    void isOfVersion13Only(int version) {
        Wire.Answer answer = Wire.ask(
                EDGE.port(),
                "GET /events?topic=t HTTP/1.1",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: " + version,
                "Sec-WebSocket-Key: " + RawWebSocket.KEY);
        assertThat(answer.status()).isIn(400, 426);
        assertThat(answer.header("Sec-WebSocket-Version")).isEqualTo("13");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-None: 1", "Sec-WebSocket-Key: short", "Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!=="})
    void needsAProperKey(String key) {
        Wire.Answer answer = Wire.ask(
                EDGE.port(),
                "GET /events?topic=t HTTP/1.1",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                key);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void is426WhenTheUpgradeWasStripped() {
        Wire.Answer answer = Wire.ask(EDGE.port(), "GET /events?topic=t&transport=websocket HTTP/1.1");
        assertThat(answer.status()).isEqualTo(426);
        assertThat(answer.header("Upgrade")).isEqualToIgnoringCase("websocket");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }
}
