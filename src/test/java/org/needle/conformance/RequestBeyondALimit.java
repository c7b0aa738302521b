package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.needle.edge.EdgeSettings;
import org.needle.edge.Registration;
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
    void isNotReadBeyondItsParameters() {
        String poll = "GET /events?transport=poll&wait=0";
        assertThat(Wire.ask(EDGE.port(), poll + "&x".repeat(253) + "&topic=t HTTP/1.1")
                        .status())
                .as("the 256th")
                .isEqualTo(200);
        isProblem(Wire.ask(EDGE.port(), poll + "&x".repeat(254) + "&topic=t HTTP/1.1"), 400);
    }

    /** Those that came with the last one are taken too: they have been read. */
    @Test
    void waitsInTheSocketIfManyMessagesAreBeingDealtWith() throws Exception {
        List<CompletableFuture<Void>> dealtWith = new CopyOnWriteArrayList<>();
        String message = "{\"topic\":\"slow\",\"data\":\"" + "a".repeat(9_000) + "\"}";
        int many = 100;
        try (OpenEdge edge = OpenEdge.start(OpenEdge.Plan::talkative);
                Registration taken = edge.edge()
                        .messages()
                        .listen(TopicFilter.of("slow"), Set.of(Transport.values()), m -> {
                            CompletableFuture<Void> done = new CompletableFuture<>();
                            dealtWith.add(done);
                            return done;
                        });
                RawWebSocket socket = new RawWebSocket(edge.port(), "/events?topic=t")) {
            assertThat(taken).isNotNull();
            Runnable send = () -> {
                for (int i = 0; i < many; i++) {
                    socket.text(message);
                }
            };
            FutureTask<Void> sent = new FutureTask<>(send, null);
            new Thread(sent, "test-sender").start(); // it blocks, which threads that others share must not
            await().until(() -> dealtWith.size() >= 16);
            await().during(Duration.ofMillis(500)).until(() -> dealtWith.size() <= 16 + (64 << 10) / message.length());
            for (int i = 0; i < many; i++) {
                int next = i;
                await().until(() -> dealtWith.size() > next);
                dealtWith.get(i).complete(null);
            }
            sent.get();
        }
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
    void isNoMoreThanAClosedConnectionForTheConnections() {
        try (OpenEdge edge = OpenEdge.start(
                plan -> plan.within(new EdgeSettings.Limits(2, 10, 10, 4, 2_048, 4_096, 10_000, 10_000, 256)))) {
            try (Wire one = new Wire(edge.port());
                    Wire two = new Wire(edge.port())) {
                assertThat(one.send("GET /info HTTP/1.1").answer().status()).isEqualTo(200);
                assertThat(two.send("GET /info HTTP/1.1").answer().status()).isEqualTo(200);
                try (Wire three = new Wire(edge.port())) {
                    assertThat(three.isEnded()).isTrue();
                }
                assertThat(one.send("GET /info HTTP/1.1").answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void is503ForTheSessionsAndByeForAnEventSource() {
        try (OpenEdge edge = OpenEdge.start(
                plan -> plan.within(new EdgeSettings.Limits(100, 100, 2, 4, 2_048, 4_096, 10_000, 10_000, 256)))) {
            Ask ask = Ask.of(edge.port(), "many");
            try (Subscriber first = Subscriber.open(Transport.SSE, ask);
                    Subscriber second = Subscriber.open(Transport.WEBSOCKET, ask)) {
                first.hello();
                second.hello();
                isProblem(
                        Wire.ask(edge.port(), "GET /events?topic=many HTTP/1.1", "Accept: application/x-ndjson"), 503);
                assertThat(Wire.ask(edge.port(), "GET /events?topic=many HTTP/1.1", "Accept: text/event-stream")
                                .body())
                        .contains("event: needle-bye\n")
                        .contains("\"reason\":\"full\"");
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

    @Test
    void isSilenceForAConnectionThatNeverSaysAnything() {
        Duration head = Duration.ofMillis(300);
        try (OpenEdge edge = OpenEdge.start(plan -> plan.patience(head, head, Duration.ofMinutes(1)))) {
            try (Wire silent = new Wire(edge.port());
                    Wire kept = new Wire(edge.port())) {
                assertThat(kept.send("GET /info HTTP/1.1").answer().status()).isEqualTo(200);
                assertThat(silent.isEnded()).isTrue();
                assertThat(kept.send("GET /info HTTP/1.1").answer().status())
                        .as("idle, but not new")
                        .isEqualTo(200);
            }
            await().until(() -> edge.meter("needle.connections") == 0);
        }
    }

    @Test
    void waitsNoLongerThanAPollMay() {
        try (OpenEdge edge = OpenEdge.start(plan -> plan.waiting(Duration.ofSeconds(1)))) {
            for (int wait : new int[] {1, 3_600}) {
                long start = System.nanoTime();
                Wire.Answer answer =
                        Wire.ask(edge.port(), "GET /events?topic=t&transport=poll&wait=" + wait + " HTTP/1.1");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.json()).as("hello alone").hasSize(1);
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .as("wait=%d", wait)
                        .isGreaterThanOrEqualTo(Duration.ofMillis(950));
            }
        }
    }

    @Test
    void isAloneWithASessionThatIsOver() {
        Duration window = Duration.ofSeconds(2);
        try (OpenEdge edge = OpenEdge.start(plan -> plan.resumable(window))) {
            String own = "GET /events?topic=t&transport=poll&wait=0&session=0123456789abcdef HTTP/1.1";
            assertThat(Wire.ask(edge.port(), own).status()).isEqualTo(200);
            long left = System.nanoTime();
            assertThat(Wire.ask(edge.port(), own).status())
                    .as("without its secret")
                    .isEqualTo(403);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> Wire.ask(edge.port(), own).status() == 200);
            assertThat(Duration.ofNanos(System.nanoTime() - left)).isGreaterThanOrEqualTo(window.minusMillis(100));
        }
    }

    /** One that comes ahead of its turn is two pieces, its head and its end. */
    @Test
    void endsTheConnectionIfTooManyWaitForTheirTurn() {
        for (int ahead : new int[] {32, 33}) {
            try (OpenEdge edge = OpenEdge.start();
                    Wire wire = new Wire(edge.port())) {
                wire.send("GET /events?topic=turn&transport=poll&wait=30 HTTP/1.1");
                await().until(() -> edge.meter("needle.subscribers") == 1);
                wire.raw("GET /info?nonce=n HTTP/1.1\r\nHost: x\r\n\r\n".repeat(ahead));
                if (ahead == 33) {
                    assertThat(wire.isEnded()).isTrue();
                    continue;
                }
                edge.publish("turn", "mine");
                assertThat(wire.answer().body()).contains("mine");
                for (int i = 0; i < ahead; i++) {
                    assertThat(wire.answer().status()).isEqualTo(200);
                }
            }
        }
    }

    /** Else 64 pieces of 64 KiB would be kept for each connection, before anybody has looked at them. */
    @Test
    void endsTheConnectionIfTooMuchWaitsForItsTurn() {
        try (Registration taken = EDGE.edge()
                .messages()
                .listen(
                        TopicFilter.of("later"),
                        Set.of(Transport.values()),
                        m -> CompletableFuture.completedFuture(null))) {
            assertThat(taken).isNotNull();
            for (int size : new int[] {10_000, 10_001}) {
                long before = EDGE.meter("needle.subscribers");
                try (Wire wire = new Wire(EDGE.port())) {
                    wire.send("GET /events?topic=turn&transport=poll&wait=30 HTTP/1.1");
                    await().until(() -> EDGE.meter("needle.subscribers") > before);
                    wire.post("/events?topic=later", "a".repeat(size));
                    if (size == 10_001) {
                        assertThat(wire.isEnded()).isTrue();
                        continue;
                    }
                    EDGE.publish("turn", "mine");
                    assertThat(wire.answer().body()).contains("mine");
                    assertThat(wire.answer().status()).isEqualTo(202);
                }
            }
        }
    }
}
