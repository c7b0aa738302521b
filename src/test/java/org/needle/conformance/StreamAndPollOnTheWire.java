package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.hub.Content;

/** NDJSON and long-poll, byte by byte. */
class StreamAndPollOnTheWire {
    private static final OpenEdge EDGE = OpenEdge.start();
    private static final String NDJSON = "Accept: application/x-ndjson";
    private static final String JSON = "Accept: application/json";

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    static Stream<Content> contents() {
        return SseOnTheWire.golden().map(arguments -> (Content) arguments.get()[0]);
    }

    private static String get(String query) {
        return "GET /events?" + query + " HTTP/1.1";
    }

    /** The next line that is no tick. */
    private static JsonNode line(Wire.Body body) {
        JsonNode json = Frame.parse(body.until("\n"));
        while (json.path("control").asText().equals("tick")) {
            json = Frame.parse(body.until("\n"));
        }
        return json;
    }

    @Test
    void streamBeginsWithHello() {
        try (Wire wire = new Wire(EDGE.port())) {
            Wire.Head head = wire.send(get("topic=nd/begin"), NDJSON).head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Type")).isEqualTo("application/x-ndjson");
            assertThat(head.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(head.header("Cache-Control")).contains("no-store");
            JsonNode hello = line(wire.body(head));
            assertThat(hello.path("control").asText()).isEqualTo("hello");
            assertThat(hello.path("transports")).hasSize(4);
        }
    }

    @ParameterizedTest
    @MethodSource("contents")
    void streamHasOneObjectALine(Content content) {
        try (Wire wire = new Wire(EDGE.port())) {
            Wire.Body body =
                    wire.body(wire.send(get("topic=nd/exact&sum=1"), NDJSON).head());
            line(body);
            String id = EDGE.publish("nd/exact", content);
            assertThat(line(body)).isEqualTo(Envelope.of(id, "nd/exact", content, true));
        }
    }

    @ParameterizedTest
    @MethodSource("contents")
    void pollHasOneObjectAnElement(Content content) {
        String before = EDGE.publish("po/exact", "before");
        String id = EDGE.publish("po/exact", content);
        Wire.Answer answer = Wire.ask(EDGE.port(), get("topic=po/exact&position=" + before), JSON);
        assertThat(answer.json()).hasSize(2);
        assertThat(answer.json().path(1)).isEqualTo(Envelope.of(id, "po/exact", content, false));
        assertThat(answer.header("Needle-Position")).isEqualTo(id);
    }

    @Test
    void streamTicksOnEveryHeartbeat() {
        try (OpenEdge edge = OpenEdge.start(plan -> plan.heartbeat(Duration.ofMillis(150)));
                Wire wire = new Wire(edge.port())) {
            Wire.Body body = wire.body(wire.send(get("topic=quiet"), NDJSON).head());
            String position = line(body).path("position").asText();
            for (int i = 0; i < 3; i++) {
                JsonNode tick = Frame.parse(body.until("\n"));
                assertThat(tick.path("control").asText()).isEqualTo("tick");
                assertThat(tick.path("position").asText()).isEqualTo(position);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /events?topic=t&transport=stream HTTP/1.1|Accept: text/event-stream",
                "POST /events?topic=t HTTP/1.1|Accept: application/x-ndjson|Content-Length: 0",
                "POST /events?topic=t&transport=stream HTTP/1.1|Content-Length: 0"
            })
    void streamIsWhatTheseRequestsGet(String request) {
        try (Wire wire = new Wire(EDGE.port())) {
            Wire.Head head = wire.send(request.split("\\|")).head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Type")).isEqualTo("application/x-ndjson");
        }
    }

    @Test
    void streamEndsAfterEachBurstWhenCycling() {
        try (Wire wire = new Wire(EDGE.port())) {
            String position = EDGE.publish("nd/cycle", "0");
            String id = EDGE.publish("nd/cycle", "1");
            Wire.Head head = wire.send(get("topic=nd/cycle&mode=cycle&position=" + position), NDJSON)
                    .head();
            String[] lines = wire.body(head).rest().split("\n");
            assertThat(lines).hasSize(2);
            assertThat(Frame.parse(lines[0]).path("retry").asLong()).isLessThan(3_000);
            assertThat(Frame.parse(lines[1]).path("id").asText()).isEqualTo(id);
        }
    }

    @Test
    void pollWithoutWaitAnswersAtOnce() {
        String position = EDGE.publish("po/now", "x");
        Wire.Answer answer = Wire.ask(EDGE.port(), get("topic=po/now&wait=0"), JSON);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Needle-Position")).isEqualTo(position);
        assertThat(answer.json()).hasSize(1);
        JsonNode hello = answer.json().path(0);
        assertThat(hello.path("control").asText()).isEqualTo("hello");
        assertThat(hello.path("position").asText()).isEqualTo(position);
        assertThat(hello.path("recovered").asBoolean()).isTrue();
    }

    @Test
    void pollWaitsForTheNextEvent() {
        String position = EDGE.publish("po/wait", "before");
        try (Wire wire = new Wire(EDGE.port());
                Wire other = new Wire(EDGE.port())) {
            wire.send(get("topic=po/wait&wait=20&transport=poll&position=" + position));
            // an answer to a later request: the poll has most likely been read by now, and waits
            assertThat(other.send("GET /info HTTP/1.1").answer().status()).isEqualTo(200);
            assertThat(wire.hasMore()).isFalse();
            String id = EDGE.publish("po/wait", "first");
            Wire.Answer answer = wire.answer();
            assertThat(answer.json().path(1).path("id").asText()).isEqualTo(id);
            assertThat(answer.header("Needle-Position")).isEqualTo(id);
        }
    }

    @Test
    void pollAnswersEmptyAfterItsWait() {
        String position = EDGE.publish("po/empty", "x");
        Wire.Answer answer = Wire.ask(EDGE.port(), get("topic=po/empty&wait=1"), JSON);
        assertThat(answer.json()).hasSize(1);
        assertThat(answer.header("Needle-Position")).isEqualTo(position);
    }

    @Test
    void pollGivesManyEventsAtOnceAndGoesOnFromItsPosition() {
        String position = EDGE.publish("po/many", "0");
        for (int i = 1; i <= 3_000; i++) {
            EDGE.publish("po/many", Integer.toString(i));
        }
        int next = 1;
        while (next <= 3_000) {
            Wire.Answer answer = Wire.ask(EDGE.port(), get("topic=po/many&wait=0&position=" + position), JSON);
            JsonNode events = answer.json();
            assertThat(events.size()).isGreaterThan(1);
            for (int i = 1; i < events.size(); i++) {
                assertThat(events.path(i).path("data").asText()).isEqualTo(Integer.toString(next++));
            }
            position = answer.header("Needle-Position");
        }
    }
}
