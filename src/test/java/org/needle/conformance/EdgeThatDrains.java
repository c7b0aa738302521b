package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.needle.edge.Transport;

/** The gateway stops: subscribers are told when to come back, not all at the same moment, and then lose nothing. */
class EdgeThatDrains {

    @ParameterizedTest
    @EnumSource
    void saysByeWithASpreadRetryAfter(Transport transport) {
        OpenEdge edge = OpenEdge.start(plan -> plan.grace(Duration.ofMillis(300)));
        String position = edge.publish("drain", "before");
        List<Subscriber> all = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                all.add(Subscriber.open(
                        transport, Ask.of(edge.port(), "drain").from(position).with("wait=30")));
            }
            edge.publish("drain", "last");
            all.forEach(subscriber -> subscriber.awaitEvents(1));
            edge.close();
            List<Long> delays = new ArrayList<>();
            for (Subscriber subscriber : all) {
                subscriber.awaitEnd();
                if (transport != Transport.POLL) {
                    JsonNode bye = subscriber.awaitControl("bye").json();
                    assertThat(bye.path("reason").asText()).isNotBlank();
                    delays.add(bye.path("retryAfter").asLong());
                }
            }
            if (transport != Transport.POLL) {
                assertThat(delays).allMatch(delay -> delay > 0 && delay <= 60_000);
                assertThat(delays.stream().distinct().count())
                        .as("spread: %s", delays)
                        .isGreaterThan(10);
            }
        } finally {
            all.forEach(Subscriber::close);
            edge.close();
        }
    }

    @Test
    void answersAPollThatWaitsWithBye() {
        OpenEdge edge = OpenEdge.start(plan -> plan.grace(Duration.ofMillis(300)));
        String position = edge.publish("drain", "before");
        try (Wire poll = new Wire(edge.port())) {
            Wire waiting = poll.send(
                    "GET /events?topic=drain&wait=30&position=" + position + " HTTP/1.1", "Accept: application/json");
            Subscriber.soon().until(() -> edge.meter("needle.subscribers") == 1);
            edge.edge().drain();
            Wire.Answer answer = waiting.answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).contains("\"control\":\"bye\"", "\"reason\":\"drain\"", "\"retryAfter\":");
        } finally {
            edge.close();
        }
    }

    @Test
    void closesWebSocketsWithServiceRestartOrGoingAway() {
        OpenEdge edge = OpenEdge.start(plan -> plan.grace(Duration.ofMillis(300)));
        try (RawWebSocket socket = new RawWebSocket(edge.port(), "/events?topic=drain")) {
            socket.next();
            edge.edge().drain();
            assertThat(socket.next().path("control").asText()).isEqualTo("bye");
            assertThat(socket.closeStatus()).isIn(1012, 1001);
        } finally {
            edge.close();
        }
    }

    @Test
    void answersNewRequestsUntilItIsClosed() {
        OpenEdge edge = OpenEdge.start(plan -> plan.grace(Duration.ofMillis(300)));
        try (Wire kept = new Wire(edge.port())) {
            assertThat(kept.send("GET /info HTTP/1.1").answer().status()).isEqualTo(200);
            edge.edge().drain();
            assertThat(edge.edge().isDraining()).isTrue();
            assertThat(edge.edge().trouble()).isNotEmpty();

            Wire.Answer sse = Wire.ask(edge.port(), "GET /events?topic=t HTTP/1.1", "Accept: text/event-stream");
            assertThat(sse.status()).isEqualTo(200);
            assertThat(sse.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(sse.body())
                    .startsWith("retry: ")
                    .contains("event: needle-bye\n")
                    .contains("\"retryAfter\":");

            for (String accept : List.of("application/x-ndjson", "application/json")) {
                Wire.Answer other = Wire.ask(edge.port(), "GET /events?topic=t HTTP/1.1", "Accept: " + accept);
                isUnavailable(other);
            }
            isUnavailable(Wire.ask(edge.port(), "GET /info HTTP/1.1")); // or a client would blame its path for the rest
            isUnavailable(kept.post("/events?topic=t", "x").answer());
        } finally {
            edge.close();
        }
    }

    private static void isUnavailable(Wire.Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void keepsThePositionThroughABye() {
        OpenEdge edge = OpenEdge.start(plan -> plan.grace(Duration.ofMillis(300)));
        try (Wire wire = new Wire(edge.port())) {
            String position = edge.publish("t", "x");
            edge.edge().drain();
            Wire.Answer bye = wire.send(
                            "GET /events?topic=t HTTP/1.1", "Accept: text/event-stream", "Last-Event-ID: " + position)
                    .answer();
            assertThat(bye.body()).contains("id: " + position + "\nevent: needle-bye\n");
        } finally {
            edge.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void losesNothingOverTheRestart(Transport transport) {
        OpenEdge edge = OpenEdge.start(plan -> plan.grace(Duration.ofMillis(300)));
        try {
            String position = edge.publish("roll", "before");
            Ask ask = Ask.of(edge.port(), "roll").from(position).with("wait=20");
            List<String> data = new ArrayList<>();
            try (Subscriber subscriber = Subscriber.open(transport, ask)) {
                for (int i = 0; i < 100; i++) {
                    edge.publish("roll", Integer.toString(i));
                }
                subscriber.awaitEvents(1);
                edge = edge.restart();
                subscriber.awaitEnd();
                data.addAll(subscriber.data());
                position = subscriber.position();
            }
            for (int i = 100; i < 110; i++) {
                edge.publish("roll", Integer.toString(i));
            }
            Ask again = Ask.of(edge.port(), "roll").from(position).with("wait=20");
            try (Subscriber subscriber = Subscriber.open(transport, again)) {
                subscriber.awaitEvents(110 - data.size());
                assertThat(subscriber.hello().json().path("recovered").asBoolean())
                        .isTrue();
                data.addAll(subscriber.data());
            }
            assertThat(data).hasSize(110);
            for (int i = 0; i < 110; i++) {
                assertThat(data.get(i)).isEqualTo(Integer.toString(i));
            }
        } finally {
            edge.close();
        }
    }
}
