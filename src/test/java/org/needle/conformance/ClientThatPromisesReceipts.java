package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.edge.Transport;

/** A client that says what has arrived is held to it: what it does not answer is not coming through. */
class ClientThatPromisesReceipts {
    private static final OpenEdge EDGE = OpenEdge.start();
    /** The ticks of the proof, and most of what a receipt may take. */
    private static final Duration PATIENCE = Duration.ofMillis(3_300);

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    private static Ask ask(String topic) {
        return Ask.of(EDGE.port(), topic).with("receipts=1");
    }

    private static String secret(JsonNode hello) {
        return "session=" + hello.path("session").asText() + "&resume="
                + hello.path("resume").asText();
    }

    private static Wire.Answer receipt(JsonNode hello, String more) {
        return Wire.receipt(EDGE.port(), hello, more);
    }

    @ParameterizedTest
    @EnumSource(names = {"SSE", "STREAM"})
    void andSendsNoneHasItsResponseEndedSoThatWhatIsHeldComesOut(Transport transport) {
        String topic = "silent/" + transport;
        String accept = transport == Transport.SSE ? "text/event-stream" : "application/x-ndjson";
        long unproved = EDGE.meter("needle.unproved");
        try (Wire wire = new Wire(EDGE.port())) {
            long start = System.nanoTime();
            String first = EDGE.publish(topic, "held"); // and read only at the end, as if a box had held all of it
            wire.send("GET " + ask(topic).from("earliest").target() + " HTTP/1.1", "Accept: " + accept);
            String all = wire.body(wire.head()).rest();
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertThat(took).isGreaterThanOrEqualTo(PATIENCE.toMillis() - 50);
            assertThat(all).contains(first).contains("held").contains("\"reason\":\"unproved\"");
            if (transport == Transport.SSE) {
                assertThat(all).contains("\nretry: 100\n");
            }
            assertThat(EDGE.meter("needle.unproved")).isGreaterThan(unproved);
            assertGoesOn(topic, first);
        }
    }

    private static void assertGoesOn(String topic, String position) {
        String next = EDGE.publish(topic, "next");
        try (Subscriber again =
                Subscriber.open(Transport.POLL, Ask.of(EDGE.port(), topic).from(position))) {
            again.awaitEvents(1);
            assertThat(again.ids()).containsExactly(next);
        }
    }

    @Test
    void isGivenLessTimeWhereItsWayIsKnownToBeShort() {
        JsonNode hello;
        try (Subscriber first = Subscriber.open(Transport.SSE, ask("short"))) {
            hello = first.hello().json();
            assertThat(receipt(hello, "").status()).isEqualTo(204);
        }
        try (Subscriber second = Subscriber.open(Transport.SSE, ask("short").with(secret(hello)))) {
            long start = System.nanoTime();
            second.hello();
            second.awaitEnd();
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(1_200L, 3_200L);
        }
    }

    @Test
    void andSendsThemKeepsItsStream() {
        try (Subscriber stream = Subscriber.open(Transport.SSE, ask("kept"))) {
            assertThat(receipt(stream.hello().json(), "").status()).isEqualTo(204);
            Subscriber.soon().until(() -> stream.controls("tick").size() >= 2);
            // the tick that follows would come with the heartbeat: wait out the time that a receipt has
            Subscriber.soon().pollDelay(Duration.ofMillis(2_800)).until(() -> true);
            assertThat(stream.isEnded()).isFalse();
        }
    }

    @Test
    void keepsItsStreamWhileItPolls() {
        try (Subscriber stream = Subscriber.open(Transport.SSE, ask("beside"))) {
            JsonNode hello = stream.hello().json();
            receipt(hello, "");
            String target = ask("beside")
                    .with(secret(hello), "transport=poll", "wait=0")
                    .target();
            for (int i = 0; i < 10; i++) {
                assertThat(Wire.ask(EDGE.port(), "GET " + target + " HTTP/1.1").status())
                        .isEqualTo(200);
            }
            EDGE.publish("beside", "still here");
            stream.awaitEvents(1);
        }
    }

    @Test
    void keepsItsStreamHoweverManyPollsWait() {
        try (Subscriber stream = Subscriber.open(Transport.SSE, ask("many"))) {
            JsonNode hello = stream.hello().json();
            receipt(hello, "");
            String target =
                    ask("many").with(secret(hello), "transport=poll", "wait=20").target();
            List<Wire> polls =
                    Stream.generate(() -> new Wire(EDGE.port())).limit(5).toList();
            polls.forEach(poll -> poll.send("GET " + target + " HTTP/1.1"));
            Subscriber.soon()
                    .until(() -> polls.stream().anyMatch(Wire::hasMore)); // whichever was the first to be taken
            Wire ended = polls.stream().filter(Wire::hasMore).findFirst().orElseThrow();
            assertThat(ended.answer().body()).contains("\"reason\":\"replaced\"");
            EDGE.publish("many", "still here");
            stream.awaitEvents(1);
            polls.forEach(Wire::close);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"verdicts\":{\"sse\":\"held-to-end\",\"websocket\":\"clear\",\"pigeon\":\"tired\",\"cycle\":\"no-such\"}",
                ",\"verdicts\":{}",
                ",\"verdicts\":[1]",
                ",\"verdicts\":\"sse\"",
                ",\"position\":\"anything-well.formed\""
            })
    void mayTellWhatItKnowsAndMore(String more) {
        try (Subscriber stream = Subscriber.open(Transport.STREAM, ask("told"))) {
            assertThat(receipt(stream.hello().json(), more).status()).isEqualTo(204);
        }
    }

    @Test
    void mayTellItInAQuery() {
        try (Subscriber stream = Subscriber.open(Transport.STREAM, ask("told"))) {
            JsonNode hello = stream.hello().json();
            String query = "/receipts?" + secret(hello) + "&nonce="
                    + hello.path("nonce").asText() + "&verdicts=sse:held-to-end,websocket:clear,:,x,stream:,";
            assertThat(Wire.ask(EDGE.port(), "GET " + query + " HTTP/1.1").status())
                    .isEqualTo(204);
        }
    }

    @Test
    void isToldWhatIsWrongWithAReceipt() {
        try (Subscriber stream = Subscriber.open(Transport.STREAM, ask("wrong"))) {
            JsonNode hello = stream.hello().json();
            assertThat(receipt(hello, ",\"position\":\"a b\"").status()).isEqualTo(400);
            assertThat(receipt(hello, ",\"x\":\"" + "x".repeat(5_000) + "\"").status())
                    .isEqualTo(413);
        }
        try (RawWebSocket socket = new RawWebSocket(EDGE.port(), "/events?topic=wrong&receipts=1")) {
            socket.text("{\"control\":\"receipt\",\"nonce\":\""
                    + socket.next().path("nonce").asText() + "\",\"position\":\"a b\"}");
            assertThat(socket.next().path("status").asInt()).isEqualTo(400);
        }
    }
}
