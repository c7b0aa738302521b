package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.needle.access.Access;
import org.needle.edge.EdgeSettings;
import org.needle.edge.Origins;
import org.needle.edge.Proxies;
import org.needle.edge.Registration;
import org.needle.edge.Transport;
import org.needle.hub.RefusedException;
import org.needle.hub.TopicFilter;

/** Up to its share of sessions, messages and receipts a client is served, beyond it is told so, and others notice nothing. */
class ClientThatTakesMoreThanItsShare {
    private static final Proxies LOCAL = Proxies.of(List.of("127.0.0.0/8"));
    private static final OpenEdge EDGE = OpenEdge.start(plan -> plan.letting(new EdgeSettings.Callers(
            Access.OPEN, Origins.NONE, LOCAL, false, new EdgeSettings.Shares(3, 2, 1_000, 1, 1))));

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    private static Registration taken(String topic) {
        return EDGE.edge()
                .messages()
                .listen(
                        TopicFilter.of(topic),
                        Set.of(Transport.values()),
                        m -> CompletableFuture.completedFuture(null));
    }

    private static String from(String address) {
        return "X-Forwarded-For: " + address;
    }

    private static void comesBackLater(Wire.Answer answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
    }

    @Test
    void ofSessionsIsToldToComeBackLater() {
        String get = "GET /events?topic=t&transport=";
        try (Wire one = new Wire(EDGE.port());
                Wire two = new Wire(EDGE.port())) {
            assertThat(one.send(get + "stream HTTP/1.1", from("203.0.113.1"))
                            .head()
                            .status())
                    .isEqualTo(200);
            assertThat(two.send(get + "sse HTTP/1.1", from("203.0.113.1"))
                            .head()
                            .status())
                    .isEqualTo(200);
            comesBackLater(Wire.ask(EDGE.port(), get + "stream HTTP/1.1", from("203.0.113.1")), 429);
            Wire.Answer sse = Wire.ask(EDGE.port(), get + "sse HTTP/1.1", from("203.0.113.1"));
            assertThat(sse.status()).isEqualTo(200);
            assertThat(sse.body())
                    .startsWith("retry: ")
                    .contains("event: needle-bye\n")
                    .contains("\"reason\":\"rate\"");
            try (Wire other = new Wire(EDGE.port())) {
                assertThat(other.send(get + "stream HTTP/1.1", from("203.0.113.2"))
                                .head()
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void ofSessionsMayGoOnWithTheOnesItHas() {
        try (Wire one = new Wire(EDGE.port());
                Wire two = new Wire(EDGE.port())) {
            String get = "GET /events?topic=t&transport=stream";
            Wire.Head head = one.send(get + " HTTP/1.1", from("203.0.113.3")).head();
            JsonNode hello = Frame.parse(one.body(head).until("\n"));
            two.send(get + " HTTP/1.1", from("203.0.113.3")).head();
            String secret = "&session=" + hello.path("session").asText() + "&resume="
                    + hello.path("resume").asText();
            try (Wire again = new Wire(EDGE.port())) {
                assertThat(again.send(get + secret + " HTTP/1.1", from("203.0.113.3"))
                                .head()
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void ofMessagesWithoutASessionIs429() {
        try (Registration route = taken("posts")) {
            assertThat(route).isNotNull();
            try (Wire wire = new Wire(EDGE.port())) {
                for (int i = 0; i < 2; i++) {
                    assertThat(wire.post("/events?topic=posts", "x", from("203.0.113.4"))
                                    .answer()
                                    .status())
                            .isEqualTo(202);
                }
                comesBackLater(
                        wire.post("/events?topic=posts", "x", from("203.0.113.4"))
                                .answer(),
                        429);
                assertThat(wire.post("/events?topic=posts", "x", from("203.0.113.5"))
                                .answer()
                                .status())
                        .isEqualTo(202);
                Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                                wire.post("/events?topic=posts", "x", from("203.0.113.4"))
                                        .answer()
                                        .status())
                        .as("a second later")
                        .isEqualTo(202));
            }
        }
    }

    @Test
    void ofMessagesOnAWebSocketIsRefusedInAFrame() {
        try (Registration route = taken("frames");
                RawWebSocket socket = new RawWebSocket(EDGE.port(), "/events?topic=t", from("203.0.113.6"))) {
            assertThat(route).isNotNull();
            socket.next();
            for (int i = 0; i < 3; i++) {
                socket.text("{\"topic\":\"frames\",\"data\":\"x\",\"key\":\"k" + i + "\"}");
            }
            List<JsonNode> answers = List.of(socket.next(), socket.next(), socket.next());
            assertThat(answers)
                    .filteredOn(each -> each.path("control").asText().equals("accepted"))
                    .hasSize(2);
            assertThat(answers)
                    .filteredOn(each -> each.path("status").asInt() == 429)
                    .singleElement()
                    .satisfies(each -> assertThat(each.path("key").asText()).isEqualTo("k2"));
        }
    }

    @Test
    void ofReceiptsIs429() {
        try (RawWebSocket socket = new RawWebSocket(EDGE.port(), "/events?topic=t", from("203.0.113.7"))) {
            JsonNode hello = socket.next();
            String receipt = "{\"session\":\"" + hello.path("session").asText() + "\",\"nonce\":\""
                    + hello.path("nonce").asText() + "\",\"position\":\""
                    + hello.path("position").asText() + "\"}";
            try (Wire wire = new Wire(EDGE.port())) {
                assertThat(wire.post("/receipts", receipt).answer().status()).isEqualTo(204);
                assertThat(wire.post("/receipts", receipt).answer().status()).isEqualTo(204);
                comesBackLater(wire.post("/receipts", receipt).answer(), 429);
            }
            socket.text(receipt.replace("{\"session\"", "{\"control\":\"receipt\",\"session\""));
            assertThat(socket.next().path("status").asInt()).isEqualTo(429);
        }
    }

    @Test
    void ofTheGatewaysTimeIs503() {
        try (var full = EDGE.edge()
                        .messages()
                        .listen(
                                TopicFilter.of("busy"),
                                Set.of(Transport.values()),
                                m -> CompletableFuture.failedFuture(new RefusedException("too many wait")));
                Wire wire = new Wire(EDGE.port());
                RawWebSocket socket = new RawWebSocket(EDGE.port(), "/events?topic=t", from("203.0.113.8"))) {
            assertThat(full).isNotNull();
            Wire.Answer answer =
                    wire.post("/events?topic=busy", "x", from("203.0.113.8")).answer();
            comesBackLater(answer, 503);
            assertThat(answer.body()).doesNotContain("Exception");
            socket.next();
            assertThat(socket.text("{\"topic\":\"busy\",\"data\":\"x\"}")
                            .next()
                            .path("status")
                            .asInt())
                    .isEqualTo(503);
        }
    }
}
