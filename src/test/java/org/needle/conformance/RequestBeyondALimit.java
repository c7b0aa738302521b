package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.needle.edge.EdgeSettings;
import org.needle.edge.Transport;
import org.needle.hub.TopicFilter;

/** At a limit a request passes; beyond it, it gets the answer that names the limit. */
class RequestBeyondALimit {
    private static final OpenEdge EDGE = OpenEdge.start(
            plan -> plan.within(new EdgeSettings.Limits(1_000, 3, 1_000, 4, 2_048, 4_096, 10_000, 10_000, 256)));

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    private static void isProblem(Wire.Answer answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.json().path("title").asText()).isNotBlank();
    }

    @Test
    void is414ForTheUrl() {
        String target = "/info?nonce=n&rest=";
        int room = 2_048 - "GET  HTTP/1.1".length() - target.length();
        assertThat(Wire.ask(EDGE.port(), "GET " + target + "a".repeat(room - 16) + " HTTP/1.1")
                        .status())
                .isEqualTo(200);
        isProblem(Wire.ask(EDGE.port(), "GET " + target + "a".repeat(room + 16) + " HTTP/1.1"), 414);
    }

    @Test
    void is431ForTheHeaders() {
        assertThat(Wire.ask(EDGE.port(), "GET /info HTTP/1.1", "A: " + "a".repeat(3_900))
                        .status())
                .isEqualTo(200);
        isProblem(Wire.ask(EDGE.port(), "GET /info HTTP/1.1", "A: " + "a".repeat(4_200)), 431);
        String[] many = IntStream.range(0, 400)
                .mapToObj(i -> i == 0 ? "GET /info HTTP/1.1" : "A" + i + ": 12345678")
                .toArray(String[]::new);
        isProblem(Wire.ask(EDGE.port(), many), 431);
    }

    @Test
    void is413ForTheBodyStatedOrChunked() {
        try (var taken = EDGE.edge()
                .messages()
                .listen(
                        TopicFilter.of("limit"),
                        Set.of(Transport.values()),
                        m -> CompletableFuture.completedFuture(null))) {
            assertThat(taken).isNotNull();
            try (Wire wire = new Wire(EDGE.port())) {
                assertThat(wire.post("/events?topic=limit", "a".repeat(10_000))
                                .answer()
                                .status())
                        .isEqualTo(202);
            }
            try (Wire wire = new Wire(EDGE.port())) {
                isProblem(wire.post("/events?topic=limit", "a".repeat(10_001)).answer(), 413);
            }
            try (Wire wire = new Wire(EDGE.port())) {
                wire.send("POST /events?topic=limit HTTP/1.1", "Content-Length: 999999999999", "Expect: 100-continue");
                isProblem(wire.answer(), 413);
            }
            try (Wire wire = new Wire(EDGE.port())) {
                wire.send("POST /events?topic=limit HTTP/1.1", "Transfer-Encoding: chunked");
                wire.raw("2000\r\n" + "a".repeat(0x2000) + "\r\n2000\r\n" + "a".repeat(0x2000) + "\r\n0\r\n\r\n");
                isProblem(wire.answer(), 413);
            }
        }
    }

    /** If what has not been read were thrown away with the connection the client would see a reset instead. */
    @Test
    void is413AlsoForAClientThatReadsOnlyWhenItHasSentEverything() {
        for (int round = 0; round < 20; round++) {
            try (Wire wire = new Wire(EDGE.port())) {
                isProblem(wire.post("/events?topic=limit", "a".repeat(8 << 20)).answer(), 413);
                assertThat(wire.isEnded()).isTrue();
            }
        }
    }

    @Test
    void is400ForTheTopics() {
        String four = IntStream.range(0, 4).mapToObj(i -> "topic=t" + i).collect(Collectors.joining("&"));
        String poll = "GET /events?transport=poll&wait=0&" + four;
        assertThat(Wire.ask(EDGE.port(), poll + " HTTP/1.1").status()).isEqualTo(200);
        isProblem(Wire.ask(EDGE.port(), poll + "&topic=t4 HTTP/1.1"), 400);
    }

    @Test
    void is1009ForTheFrame() {
        try (OpenEdge edge = OpenEdge.start(plan ->
                        plan.within(new EdgeSettings.Limits(10, 10, 10, 4, 2_048, 4_096, 10_000, 10_000, 256)));
                RawWebSocket socket = new RawWebSocket(edge.port(), "/events?topic=t")) {
            socket.next();
            String echo = "{\"control\":\"echo\",\"nonce\":\"n\"}";
            socket.text(echo + " ".repeat(10_000 - echo.length()));
            assertThat(socket.next().path("control").asText()).isEqualTo("echo");
            socket.text(echo + " ".repeat(10_001 - echo.length()));
            assertThat(socket.closeStatus()).isEqualTo(1009);
        }
    }

    @Test
    void is503ForTheSubscribersAndByeForAnEventSource() {
        try (OpenEdge edge = OpenEdge.start(
                plan -> plan.within(new EdgeSettings.Limits(1_000, 2, 1_000, 4, 2_048, 4_096, 10_000, 10_000, 256)))) {
            Ask ask = Ask.of(edge.port(), "full");
            try (Subscriber first = Subscriber.open(Transport.SSE, ask);
                    Subscriber second = Subscriber.open(Transport.WEBSOCKET, ask)) {
                first.hello();
                second.hello();
                Wire.Answer stream =
                        Wire.ask(edge.port(), "GET /events?topic=full HTTP/1.1", "Accept: application/x-ndjson");
                isProblem(stream, 503);
                assertThat(Integer.parseInt(stream.header("Retry-After"))).isPositive();
                Wire.Answer sse = Wire.ask(edge.port(), "GET /events?topic=full HTTP/1.1", "Accept: text/event-stream");
                assertThat(sse.status()).isEqualTo(200);
                assertThat(sse.body())
                        .startsWith("retry: ")
                        .contains("event: needle-bye\n")
                        .contains("\"retryAfter\":");
                edge.publish("full", "still served");
                first.awaitEvents(1);
                second.awaitEvents(1);
            }
        }
    }

    @Test
    void is408ForAHeadOrABodyThatNeverEndsAndSilenceForAnIdleConnection() {
        Duration soon = Duration.ofMillis(300);
        try (OpenEdge edge = OpenEdge.start(plan -> plan.patience(soon, soon, soon))) {
            try (Wire wire = new Wire(edge.port())) {
                isProblem(wire.raw("GET /info HTTP/1.1\r\nHost: loc").answer(), 408);
                assertThat(wire.isEnded()).isTrue();
            }
            try (Wire wire = new Wire(edge.port())) {
                wire.send("POST /events?topic=t HTTP/1.1", "Content-Length: 10").raw("half");
                isProblem(wire.answer(), 408);
                assertThat(wire.isEnded()).isTrue();
            }
            try (Wire wire = new Wire(edge.port())) {
                assertThat(wire.send("GET /info HTTP/1.1").answer().status()).isEqualTo(200);
                assertThat(wire.isEnded()).isTrue();
            }
        }
    }
}
