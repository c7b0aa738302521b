package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.edge.Transport;

/** A session comes back over another connection: its owner goes on, anybody else is refused. */
class SessionThatMoves {
    private static final OpenEdge EDGE = OpenEdge.start();

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    private static String secret(JsonNode hello) {
        return "session=" + hello.path("session").asText() + "&resume="
                + hello.path("resume").asText();
    }

    private static Wire.Answer receipt(JsonNode hello, String position) {
        return Wire.receipt(EDGE.port(), hello, ",\"position\":\"" + position + "\"", "Content-Type: application/json");
    }

    @ParameterizedTest
    @CsvSource({"SSE,WEBSOCKET", "WEBSOCKET,SSE", "STREAM,SSE", "SSE,STREAM", "SSE,SSE", "WEBSOCKET,WEBSOCKET"})
    void goesOnAndLeavesTheOldConnectionOnceTheNewOneIsProved(Transport from, Transport to) {
        String topic = "move/" + from + "/" + to;
        Ask ask = Ask.of(EDGE.port(), topic).with("receipts=1");
        try (Subscriber old = Subscriber.open(from, ask)) {
            JsonNode first = old.hello().json();
            receipt(first, old.position());
            EDGE.publish(topic, "1");
            old.awaitEvents(1);
            try (Subscriber next = Subscriber.open(to, ask.from(old.position()).with(secret(first)))) {
                JsonNode second = next.hello().json();
                assertThat(second.path("session")).isEqualTo(first.path("session"));
                assertThat(second.path("nonce")).isNotEqualTo(first.path("nonce"));
                assertThat(second.path("recovered").asBoolean()).isTrue();
                assertThat(receipt(second, next.position()).status()).isBetween(200, 204);
                old.awaitEnd();
                EDGE.publish(topic, "2");
                next.awaitEvents(1);
                assertThat(next.data()).containsExactly("2");
                assertThat(old.data()).containsExactly("1");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&resume=0123456789abcdef0123456789abcdef"})
    void isRefusedWithoutTheRightSecret(String resume) {
        try (Subscriber owner = Subscriber.open(Transport.SSE, Ask.of(EDGE.port(), "own"))) {
            String target = "/events?topic=own&session="
                    + owner.hello().json().path("session").asText() + resume;
            for (String accept : new String[] {"text/event-stream", "application/x-ndjson", "application/json"}) {
                Wire.Answer answer = Wire.ask(EDGE.port(), "GET " + target + " HTTP/1.1", "Accept: " + accept);
                assertThat(answer.status()).as(accept).isEqualTo(403);
                assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            }
            EDGE.publish("own", "still mine");
            owner.awaitEvents(1);
        }
    }

    @Test
    void mayBeNamedByTheClient() {
        String name = "chosen-by-the-client_0123456789";
        Ask ask = Ask.of(EDGE.port(), "named").with("session=" + name);
        try (Subscriber first = Subscriber.open(Transport.SSE, ask)) {
            JsonNode hello = first.hello().json();
            assertThat(hello.path("session").asText()).isEqualTo(name);
            Wire.Answer other = Wire.ask(EDGE.port(), "GET " + ask.target() + " HTTP/1.1");
            assertThat(other.status()).isEqualTo(403);
        }
    }

    /** As after a restart, when several connections of a client come back at once. */
    @Test
    void keepsTheSecretOfItsClientWhereItIsNotKnown() {
        String me = "session=forgotten-by-the-gateway&resume=known-to-its-client_0123";
        Ask ask = Ask.of(EDGE.port(), "forgotten").with(me);
        try (Subscriber first = Subscriber.open(Transport.SSE, ask);
                Subscriber second = Subscriber.open(Transport.WEBSOCKET, ask)) {
            assertThat(secret(first.hello().json())).isEqualTo(me);
            assertThat(secret(second.hello().json())).isEqualTo(me);
        }
    }

    @Test
    void getsASecretWhereOneTooShortIsShown() {
        Ask ask = Ask.of(EDGE.port(), "short").with("session=chosen-with-too-little&resume=secret");
        try (Subscriber first = Subscriber.open(Transport.SSE, ask)) {
            assertThat(first.hello().json().path("resume").asText()).hasSizeGreaterThanOrEqualTo(16);
        }
    }

    @Test
    void isProvedByReceiptInBodyQueryOrFrame() {
        try (Subscriber stream =
                Subscriber.open(Transport.STREAM, Ask.of(EDGE.port(), "r").with("receipts=1"))) {
            JsonNode hello = stream.hello().json();
            assertThat(receipt(hello, stream.position()).status()).isBetween(200, 204);
            String query = "GET /receipts?session=" + hello.path("session").asText() + "&nonce="
                    + hello.path("nonce").asText() + "&position=" + stream.position() + " HTTP/1.1";
            assertThat(Wire.ask(EDGE.port(), query).status()).isBetween(200, 204);
        }
        try (RawWebSocket socket = new RawWebSocket(EDGE.port(), "/events?topic=r&receipts=1")) {
            JsonNode hello = socket.next();
            socket.text("{\"control\":\"receipt\",\"nonce\":\""
                    + hello.path("nonce").asText() + "\",\"position\":\""
                    + hello.path("position").asText() + "\"}");
            socket.text("{\"control\":\"echo\",\"nonce\":\"after\"}");
            assertThat(socket.next().path("nonce").asText()).isEqualTo("after");
        }
    }

    @Test
    void isNotProvedByAForeignNonceOrToAnUnknownSession() {
        try (Subscriber stream =
                Subscriber.open(Transport.STREAM, Ask.of(EDGE.port(), "r").with("receipts=1"))) {
            String session = stream.hello().json().path("session").asText();
            String wrong = "GET /receipts?session=" + session + "&nonce=guessed&position=" + stream.position();
            assertThat(Wire.ask(EDGE.port(), wrong + " HTTP/1.1").status()).isBetween(400, 499);
            String nobody = "GET /receipts?session=nobody-has-this-session&nonce=guessed&position=1";
            assertThat(Wire.ask(EDGE.port(), nobody + " HTTP/1.1").status()).isBetween(400, 499);
        }
    }

    @Test
    void keepsItsNameOverPolls() {
        Wire.Answer first = Wire.ask(EDGE.port(), "GET /events?topic=p&transport=poll&wait=0 HTTP/1.1");
        JsonNode hello = first.json().path(0);
        String target = "/events?topic=p&transport=poll&wait=0&position=" + first.header("Needle-Position") + "&"
                + secret(hello);
        JsonNode again =
                Wire.ask(EDGE.port(), "GET " + target + " HTTP/1.1").json().path(0);
        assertThat(again.path("session")).isEqualTo(hello.path("session"));
    }
}
