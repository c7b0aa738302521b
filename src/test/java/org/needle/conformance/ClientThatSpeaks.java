package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.edge.ClientMessage;
import org.needle.edge.Transport;
import org.needle.hub.TopicFilter;

/** A client sends a message to a topic: it reaches whoever consumes it, and nobody else. */
class ClientThatSpeaks {
    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

    private final OpenEdge edge = OpenEdge.start(OpenEdge.Plan::talkative);
    private final List<ClientMessage> taken = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        edge.close();
    }

    private void consume(String topics, Function<ClientMessage, CompletionStage<Void>> end) {
        edge.edge().messages().listen(TopicFilter.of(topics), Set.of(Transport.values()), message -> {
            taken.add(message);
            return end.apply(message);
        });
    }

    private Wire.Answer post(String target, String body, String... headers) {
        try (Wire wire = new Wire(edge.port())) {
            return wire.post(target, body, headers).answer();
        }
    }

    @Test
    void getsTheIdOfItsMessageOnceItHasBeenDealtWith() {
        CompletableFuture<Void> dealtWith = new CompletableFuture<>();
        consume("chat", message -> dealtWith);
        try (Wire wire = new Wire(edge.port())) {
            wire.post("/events?topic=chat", "hello \u20ac", "Content-Type: text/plain");
            await().until(() -> !taken.isEmpty());
            assertThat(wire.hasMore()).as("no answer before the route is done").isFalse();
            dealtWith.complete(null);
            Wire.Answer answer = wire.answer();
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.json().path("id").asText())
                    .isEqualTo(taken.get(0).id())
                    .isNotEmpty();
        }
        assertThat(taken).hasSize(1);
        assertThat(taken.get(0).topic().name()).isEqualTo("chat");
        assertThat(taken.get(0).content().string()).isEqualTo("hello \u20ac");
    }

    @Test
    void choosesTheIdByItsKey() {
        consume("chat", message -> DONE);
        Wire.Answer answer = post("/events?topic=chat", "x", "Idempotency-Key: my-key-1");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().path("id").asText()).isEqualTo("my-key-1");
        assertThat(taken.get(0).id()).isEqualTo("my-key-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded",
                "application/json",
                "application/xml",
                "text/plain; charset=utf-8",
                "multipart/form-data; boundary=x"
            })
    void isTakenAtItsWordWhateverTheType(String type) {
        consume("chat", message -> DONE);
        String body = "a=b&c=%20d+e\r\n{\"x\":1}";
        assertThat(post("/events?topic=chat", body, "Content-Type: " + type).status())
                .isEqualTo(202);
        assertThat(taken.get(0).content().string()).isEqualTo(body);
    }

    @Test
    void isHeardWhenItSendsChunks() {
        consume("chat", message -> DONE);
        try (Wire wire = new Wire(edge.port())) {
            wire.send("POST /events?topic=chat HTTP/1.1", "Transfer-Encoding: chunked");
            wire.raw("3\r\nabc\r\n").raw("5;ext=1\r\ndefgh\r\n0\r\nTrailer: x\r\n\r\n");
            assertThat(wire.answer().status()).isEqualTo(202);
            assertThat(taken.get(0).content().string()).isEqualTo("abcdefgh");
            assertThat(wire.send("GET /info HTTP/1.1").answer().status()).isEqualTo(200);
        }
    }

    @Test
    void isToldToContinue() {
        consume("chat", message -> DONE);
        try (Wire wire = new Wire(edge.port())) {
            wire.send("POST /events?topic=chat HTTP/1.1", "Content-Length: 2", "Expect: 100-continue");
            assertThat(wire.head().status()).isEqualTo(100);
            assertThat(wire.raw("ok").answer().status()).isEqualTo(202);
            assertThat(taken.get(0).content().string()).isEqualTo("ok");
        }
    }

    @Test
    void getsNotFoundIfNobodyConsumesTheTopic() {
        consume("chat", message -> DONE);
        Wire.Answer answer = post("/events?topic=other", "x");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(taken).isEmpty();
    }

    @Test
    void isToldIfTheRouteFails() {
        consume("chat", message -> CompletableFuture.failedFuture(new IllegalStateException("secret detail")));
        Wire.Answer answer = post("/events?topic=chat", "x");
        assertThat(answer.status()).isIn(500, 503);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.body()).doesNotContain("secret detail").doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/events?topic=a&topic=b", "/events", "/events?topic=chat/*", "/events?topic=chat/**"})
    void hasToNameOneTopic(String target) {
        consume("**", message -> DONE);
        assertThat(post(target, "x").status()).isEqualTo(400);
        assertThat(taken).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void isNotHeardByOtherSubscribers(Transport transport) {
        consume("chat", message -> DONE);
        String start = edge.publish("chat", "before");
        try (Subscriber subscriber =
                Subscriber.open(transport, Ask.of(edge.port(), "chat").from(start))) {
            assertThat(post("/events?topic=chat", "for the route only").status())
                    .isEqualTo(202);
            edge.publish("chat", "marker");
            subscriber.awaitEvents(1);
            assertThat(subscriber.data()).containsExactly("marker");
        }
    }

    @Test
    void isAnsweredOnItsWebSocketWithItsKey() {
        consume("chat/*", message -> DONE);
        try (RawWebSocket socket = new RawWebSocket(edge.port(), "/events?topic=unrelated")) {
            String session = socket.next().path("session").asText();
            socket.text("{\"topic\":\"chat/me\",\"event\":\"said\",\"data\":\"hi \\u0000\\r\\n\",\"key\":\"k1\"}");
            JsonNode accepted = socket.next();
            assertThat(accepted.path("control").asText()).isEqualTo("accepted");
            assertThat(accepted.path("key").asText()).isEqualTo("k1");
            assertThat(accepted.path("id").asText()).isEqualTo(taken.get(0).id());
            ClientMessage message = taken.get(0);
            assertThat(message.topic().name()).isEqualTo("chat/me");
            assertThat(message.content().name()).isEqualTo("said");
            assertThat(message.content().string()).isEqualTo("hi \0\r\n");
            assertThat(message.sender().transport()).isEqualTo(Transport.WEBSOCKET);
            assertThat(message.sender().session()).isEqualTo(session);
        }
    }

    @Test
    void keepsItsOrderOnAWebSocket() {
        consume("chat", message -> DONE);
        try (RawWebSocket socket = new RawWebSocket(edge.port(), "/events?topic=unrelated")) {
            socket.next();
            for (int i = 0; i < 500; i++) {
                socket.text("{\"topic\":\"chat\",\"data\":\"" + i + "\",\"key\":\"k" + i + "\"}");
            }
            for (int i = 0; i < 500; i++) {
                assertThat(socket.next().path("key").asText()).isEqualTo("k" + i);
            }
        }
        assertThat(taken).extracting(m -> m.content().string()).hasSize(500).startsWith("0", "1", "2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"event\":\"a\\nb\"", "\"event\":\"a\\u0000b\"", "\"event\":\"a\\rb\""})
    void cannotPutALineEndIntoAName(String event) {
        consume("chat", message -> DONE);
        try (RawWebSocket socket = new RawWebSocket(edge.port(), "/events?topic=unrelated")) {
            socket.next();
            socket.text("{\"topic\":\"chat\"," + event + ",\"data\":\"x\"}");
            socket.text("{\"topic\":\"chat\",\"data\":\"marker\",\"key\":\"m\"}");
            RawWebSocket.RawFrame answer = socket.read();
            assertThat(answer.first()).isIn(RawWebSocket.TEXT, RawWebSocket.CLOSE);
            assertThat(taken).noneMatch(m -> m.content().string().equals("x"));
        }
    }
}
