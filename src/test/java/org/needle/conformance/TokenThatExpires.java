package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.access.Mint;

/** The token ends while its bearer is connected. */
class TokenThatExpires {
    private final Mint mint = new Mint();
    private final OpenEdge edge = OpenEdge.start(plan -> plan.guardedBy(mint.access()));

    @AfterEach
    void stop() {
        edge.close();
    }

    private String bearer() {
        return "Authorization: Bearer " + mint.token("me", "t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sse", "stream", "poll"})
    void endsItsStreamWithAReason(String transport) {
        try (Wire wire = new Wire(edge.port())) {
            wire.send("GET /events?topic=t&wait=60&transport=" + transport + " HTTP/1.1", bearer());
            if (transport.equals("poll")) {
                Subscriber.soon().until(() -> edge.edge().meters().stream()
                        .anyMatch(meter -> meter.name().equals("needle.subscribers")
                                && meter.value().getAsLong() == 1));
                mint.pass(3601);
                assertThat(wire.answer().body()).contains("\"control\":\"bye\",\"reason\":\"expired\"");
                return;
            }
            Wire.Body body = wire.body(wire.head());
            body.until("hello");
            edge.publish("t", "before");
            body.until("before");
            mint.pass(3601);
            assertThat(body.rest()).contains("\"control\":\"bye\",\"reason\":\"expired\"");
        }
    }

    @Test
    void endsItsWebSocketWithAReasonAndAStatus() {
        try (RawWebSocket socket = new RawWebSocket(edge.port(), "/events?topic=t", bearer())) {
            String session = session(socket.next());
            mint.pass(3601);
            JsonNode bye = socket.next();
            assertThat(bye.path("reason").asText()).isEqualTo("expired");
            assertThat(bye.path("retryAfter").asLong()).isPositive();
            assertThat(socket.closeStatus()).isEqualTo(4401);
            assertThat(status(session))
                    .as("the session's secret is good no longer than the token")
                    .isEqualTo(401);
        }
    }

    @Test
    void letsGoOnWithANewOne() {
        try (RawWebSocket socket = new RawWebSocket(edge.port(), "/events?topic=t", bearer())) {
            String session = session(socket.next());
            mint.pass(3601);
            socket.closeStatus();
            String position = edge.publish("t", "meanwhile");
            assertThat(position).isNotEmpty();
            assertThat(status(session, bearer())).isEqualTo(200);
        }
    }

    @Test
    void doesNotEndThoseOfOthers() {
        String longer = "Authorization: Bearer "
                + mint.token(mint.claims("you", java.util.List.of("t"), java.util.List.of())
                        .expirationTime(mint.in(36_000)));
        try (RawWebSocket mine = new RawWebSocket(edge.port(), "/events?topic=t", bearer());
                RawWebSocket yours = new RawWebSocket(edge.port(), "/events?topic=t", longer)) {
            mine.next();
            yours.next();
            mint.pass(3601);
            assertThat(mine.closeStatus()).isEqualTo(4401);
            edge.publish("t", "still there");
            assertThat(yours.next().path("data").asText()).isEqualTo("still there");
        }
    }

    private static String session(JsonNode hello) {
        return "&session=" + hello.path("session").asText() + "&resume="
                + hello.path("resume").asText();
    }

    private int status(String session, String... headers) {
        String line = "GET /events?topic=t&transport=poll&wait=0" + session + " HTTP/1.1";
        return headers.length == 0
                ? Wire.ask(edge.port(), line).status()
                : Wire.ask(edge.port(), line, headers[0]).status();
    }
}
