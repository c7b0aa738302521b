package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.hub.Content;

/** The bytes of a Server-Sent Events stream (WHATWG HTML 9.2, and what clients make of it). */
class SseOnTheWire {
    private static final OpenEdge EDGE = OpenEdge.start();

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    /** The next block that is no tick, without the comments before it. */
    private static String block(Wire.Body body) {
        String block = body.until("\n\n");
        while (block.contains("\nevent: needle-tick\n")) {
            block = body.until("\n\n");
        }
        return block.replaceFirst("^(:[^\n]*\n)+", "");
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1";
    }

    @Test
    void beginsWithRetryAndHelloInOneBlock() {
        try (Wire wire = new Wire(EDGE.port())) {
            String before = EDGE.publish("wire/begin", "before");
            Wire.Head head = wire.send(get("/events?topic=wire/begin"), "Accept: text/event-stream")
                    .head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(head.header("Cache-Control")).contains("no-store").contains("no-transform");
            assertThat(head.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(head.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(head.headers()).doesNotContainKey("content-length");

            String hello = wire.body(head).until("\n\n");
            String lead = "retry: 3000\nid: " + before + "\nevent: needle-hello\ndata: ";
            assertThat(hello).startsWith(lead).endsWith("}\n\n");
            JsonNode json = Frame.parse(hello.substring(lead.length()));
            assertThat(json.path("control").asText()).isEqualTo("hello");
            assertThat(json.path("session").asText()).matches("[A-Za-z0-9_-]{16,64}");
            assertThat(json.path("position").asText()).isEqualTo(before);
            assertThat(json.path("nonce").asText()).isNotEmpty();
            assertThat(json.path("resume").asText()).hasSizeGreaterThanOrEqualTo(16);
            assertThat(json.path("heartbeat").asLong()).isEqualTo(15_000);
            assertThat(json.path("retry").asLong()).isEqualTo(3_000);
            assertThat(json.path("recovered").asBoolean()).isTrue();
            List<String> transports = new ArrayList<>();
            json.path("transports").forEach(t -> transports.add(t.asText()));
            assertThat(transports).containsExactlyInAnyOrder("sse", "websocket", "stream", "poll");
        }
    }

    static Stream<Arguments> golden() {
        byte[] bytes = {0, 1, (byte) 0xfe, (byte) 0xff};
        return Stream.of(
                Arguments.of(Content.text(null, "plain"), "data: plain\n\n"),
                Arguments.of(Content.text("named", "x"), "event: named\ndata: x\n\n"),
                Arguments.of(Content.text(null, ""), "data: \n\n"),
                Arguments.of(Content.text(null, " lead"), "data:  lead\n\n"),
                Arguments.of(Content.text(null, ":colon"), "data: :colon\n\n"),
                Arguments.of(Content.text(null, "a\nb"), "data: a\ndata: b\n\n"),
                Arguments.of(Content.text(null, "a\r\nb\rc"), "data: a\ndata: b\ndata: c\n\n"),
                Arguments.of(Content.text(null, "end\n"), "data: end\ndata: \n\n"),
                Arguments.of(Content.text(null, "\n\n"), "data: \ndata: \ndata: \n\n"),
                Arguments.of(Content.text(null, "\r\r\n"), "data: \ndata: \ndata: \n\n"),
                Arguments.of(Content.text(null, "\u2028 \u2029 \u0085"), "data: \u2028 \u2029 \u0085\n\n"),
                Arguments.of(Content.text(null, "\ufeffmark"), "data: \ufeffmark\n\n"),
                Arguments.of(Content.text(null, "nul\0nul"), "data: nul\0nul\n\n"),
                Arguments.of(Content.text(null, "\ud83d\ude00 größer"), "data: \ud83d\ude00 größer\n\n"),
                Arguments.of(Content.text("größe", "x"), "event: größe\ndata: x\n\n"),
                Arguments.of(new Content(null, bytes, false), "data: AAH+/w==\n\n"));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void isExactlyThis(Content content, String expected) {
        try (Wire wire = new Wire(EDGE.port())) {
            Wire.Body body = wire.body(wire.send(get("/events?topic=wire/golden"), "Accept: text/event-stream")
                    .head());
            body.until("\n\n");
            String id = EDGE.publish("wire/golden", content);
            assertThat(block(body)).isEqualTo("id: " + id + "\n" + expected);
        }
    }

    @ParameterizedTest
    @MethodSource("golden")
    void isTheExactObjectInTheEnvelope(Content content, String plain) {
        try (Wire wire = new Wire(EDGE.port())) {
            Wire.Body body = wire.body(
                    wire.send(get("/events?topic=wire/exact&envelope=json&sum=1"), "Accept: text/event-stream")
                            .head());
            body.until("\n\n");
            String id = EDGE.publish("wire/exact", content);
            String name = content.name() == null ? "" : "event: " + content.name() + "\n";
            String block = block(body);
            String lead = "id: " + id + "\n" + name + "data: ";
            assertThat(block).startsWith(lead);
            assertThat(Frame.parse(block.substring(lead.length())))
                    .isEqualTo(Envelope.of(id, "wire/exact", content, true));
        }
    }

    @Test
    void hasTwoTicksIfNothingElseHappens() {
        try (Wire wire = new Wire(EDGE.port())) {
            Wire.Body body = wire.body(wire.send(get("/events?topic=quiet")).head());
            body.until("\n\n");
            String tick = "id: \\S+\nevent: needle-tick\ndata: \\{\"control\":\"tick\",\"position\":\"\\S+\"}\n\n";
            assertThat(body.until("\n\n")).matches(tick);
            assertThat(body.until("\n\n")).matches(tick);
        }
    }

    @Test
    void hasHeartbeatCommentsWithoutBlankLine() {
        try (OpenEdge edge = OpenEdge.start(plan -> plan.heartbeat(Duration.ofMillis(150)));
                Wire wire = new Wire(edge.port())) {
            Wire.Body body = wire.body(wire.send(get("/events?topic=quiet")).head());
            body.until("\n\n");
            StringBuilder seen = new StringBuilder();
            for (int comments = 0; comments < 3; comments++) {
                seen.append(body.until(":\n"));
            }
            assertThat(seen).doesNotContain(":\n\n").matches("(:\n|id: \\S+\nevent: needle-tick\ndata: \\S+\n\n)+");
            String id = edge.publish("quiet", "now");
            assertThat(block(body)).isEqualTo("id: " + id + "\ndata: now\n\n");
        }
    }

    @Test
    void givesControlsTheIdOfThePositionReached() {
        try (Subscriber subscriber =
                Subscriber.open(org.needle.edge.Transport.SSE, Ask.of(EDGE.port(), "wire/ticks"))) {
            String start = subscriber.hello().id();
            String id = EDGE.publish("wire/ticks", "one");
            subscriber.awaitEvents(1);
            Frame tick = subscriber.awaitControl("tick");
            assertThat(start)
                    .isEqualTo(subscriber.hello().json().path("position").asText());
            assertThat(tick.id())
                    .isIn(start, id)
                    .isEqualTo(tick.json().path("position").asText());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /events?topic=t HTTP/1.1|X: none",
                "GET /events?topic=t HTTP/1.1|Accept: */*",
                "GET /events?topic=t HTTP/1.1|Accept: text/event-stream",
                "GET /events?topic=t HTTP/1.1|Accept: text/html, text/event-stream;q=0.5",
                "GET /events?topic=t&transport=sse HTTP/1.1|Accept: application/json",
                "POST /events?topic=t HTTP/1.1|Accept: text/event-stream|Content-Length: 0",
                "POST /events?topic=t&transport=sse HTTP/1.1|Content-Length: 0"
            })
    void isWhatTheseRequestsGet(String request) {
        try (Wire wire = new Wire(EDGE.port())) {
            Wire.Head head = wire.send(request.split("\\|")).head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(wire.body(head).until("\n\n")).contains("event: needle-hello\n");
        }
    }

    @Test
    void endsWithTheConnectionForHttp10() {
        try (Wire wire = new Wire(EDGE.port())) {
            Wire.Head head = wire.send(
                            "GET /events?topic=wire/ten&mode=cycle&wait=20 HTTP/1.0", "Accept: text/event-stream")
                    .head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.headers()).doesNotContainKey("transfer-encoding");
            Wire.Body body = wire.body(head);
            body.until("\n\n");
            String id = EDGE.publish("wire/ten", "last");
            assertThat(body.until("last\n\n")).contains("id: " + id + "\ndata: last\n\n");
            body.rest();
            assertThat(wire.isEnded()).isTrue();
        }
    }

    @Test
    void endsAfterEachBurstWhenCycling() {
        String position = EDGE.publish("wire/cycle", "0");
        for (int i = 1; i <= 3; i++) {
            try (Wire wire = new Wire(EDGE.port())) {
                Wire.Head head = wire.send(
                                get("/events?topic=wire/cycle&mode=cycle&wait=20"),
                                "Accept: text/event-stream",
                                "Last-Event-ID: " + position)
                        .head();
                Wire.Body body = wire.body(head);
                String first = body.until("\n\n");
                assertThat(first).matches("(?s)retry: [0-9]{1,3}\nid: .*");
                String id = EDGE.publish("wire/cycle", Integer.toString(i));
                assertThat(body.rest()).contains("id: " + id + "\ndata: " + i + "\n\n");
                position = id;
            }
        }
    }

    @Test
    void endsWithoutEventsWhenCyclingHasWaited() {
        try (Wire wire = new Wire(EDGE.port())) {
            Wire.Head head = wire.send(get("/events?topic=wire/silence&mode=cycle&wait=0"), "Accept: text/event-stream")
                    .head();
            String all = wire.body(head).rest();
            assertThat(all).contains("event: needle-hello\n").doesNotContain("\n\nid: ");
        }
    }

    @Test
    void isUtf8WhateverTheClientAccepts() {
        byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
        assertThat(euro).hasSize(3);
        try (Wire wire = new Wire(EDGE.port())) {
            Wire.Head head = wire.send(
                            get("/events?topic=wire/utf"),
                            "Accept: text/event-stream;charset=iso-8859-1",
                            "Accept-Charset: iso-8859-1",
                            "Accept-Encoding: gzip, br")
                    .head();
            assertThat(head.header("Content-Encoding")).isIn("", "identity");
            Wire.Body body = wire.body(head);
            body.until("\n\n");
            EDGE.publish("wire/utf", "€");
            assertThat(block(body)).endsWith("data: €\n\n");
        }
    }
}
