package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.access.Mint;
import org.needle.edge.Transport;

/** A token decides what its bearer may follow, on every transport alike. */
class SubscriberWithAToken {
    private static final Mint MINT = new Mint();
    private static final OpenEdge EDGE = OpenEdge.start(plan -> plan.guardedBy(MINT.access()));
    private static final String POLL = "&transport=poll&wait=0";

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    private static Wire.Answer get(String target, String... headers) {
        List<String> head = new ArrayList<>(List.of("GET " + target + " HTTP/1.1"));
        head.addAll(List.of(headers));
        return Wire.ask(EDGE.port(), head.toArray(String[]::new));
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    private static int status(Transport transport, String topic, String... headers) {
        List<String> head = new ArrayList<>(
                List.of("GET /events?topic=" + topic + "&wait=0&transport=" + transport.label() + " HTTP/1.1"));
        head.addAll(List.of(headers));
        if (transport == Transport.WEBSOCKET) {
            head.addAll(List.of(
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: " + RawWebSocket.KEY));
        }
        try (Wire wire = new Wire(EDGE.port())) {
            return wire.send(head.toArray(String[]::new)).head().status();
        }
    }

    @ParameterizedTest
    @EnumSource
    void comesInAndOthersDoNot(Transport transport) {
        int in = transport == Transport.WEBSOCKET ? 101 : 200;
        assertThat(status(transport, "a/b", bearer(MINT.token("me", "a/**")))).isEqualTo(in);
        assertThat(status(transport, "a/*", bearer(MINT.token("me", "a/*")))).isEqualTo(in);
        assertThat(status(transport, "a/b")).isEqualTo(401);
        assertThat(status(transport, "a/b", bearer("nonsense"))).isEqualTo(401);
        assertThat(status(transport, "b", bearer(MINT.token("me", "a/**")))).isEqualTo(403);
        assertThat(status(transport, "a/**", bearer(MINT.token("me", "a/*")))).isEqualTo(403);
        assertThat(status(transport, "a&topic=b", bearer(MINT.token("me", "a"))))
                .isEqualTo(403);
        assertThat(status(transport, "**", bearer(MINT.token("me", "a", "b")))).isEqualTo(403);
    }

    @Test
    void isToldNoInTheSameWordsWhateverIsWrong() {
        String right = MINT.token("me", "a");
        Wire.Answer none = get("/events?topic=a" + POLL);
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(none.header("Content-Type")).isEqualTo("application/problem+json");
        for (String[] headers : new String[][] {
            {bearer("x")},
            {bearer("x".repeat(9000))},
            {bearer(right.substring(0, right.length() - 3))},
            {bearer(MINT.token(MINT.claims("me", List.of("a"), List.of()).expirationTime(MINT.in(-5))))},
            {bearer(MINT.token(MINT.claims("me", List.of("a"), List.of()).issuer("x")))},
            {bearer(right), bearer(right)},
            {"Authorization: " + right},
            {"Cookie: __Host-needle=" + right},
        }) {
            Wire.Answer answer = get("/events?topic=a" + POLL, headers);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.body()).isEqualTo(none.body());
        }
        assertThat(get("/events?topic=a" + POLL, bearer(right)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"token", "access_token", "ticket", "authorization", "resume"})
    void cannotShowItInTheUrl(String parameter) {
        String url = "/events?topic=a" + POLL + "&" + parameter + "=";
        assertThat(get(url + (parameter.equals("resume") ? "x" : MINT.token("me", "a")))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void getsTheSameAnswerForAForbiddenAndAMissingTopic() {
        EDGE.publish("secret/there", "x");
        String token = bearer(MINT.token("me", "a"));
        Wire.Answer there = get("/events?topic=secret/there" + POLL, token);
        Wire.Answer missing = get("/events?topic=secret/missing" + POLL, token);
        assertThat(there.status()).isEqualTo(403);
        assertThat(missing.status()).isEqualTo(403);
        assertThat(there.body()).isEqualTo(missing.body());
        assertThat(there.head().headers()).isEqualTo(missing.head().headers());
    }

    @Test
    void withLessRightsSeesNothingOfWhatLiesBehindAnOldPosition() {
        String wide = bearer(MINT.token("me", "log/**"));
        String narrow = bearer(MINT.token("me", "log/open", "log/open/*"));
        String start = get("/events?topic=log/**" + POLL, wide).header("Needle-Position");
        EDGE.publish("log/hidden", "hidden");
        EDGE.publish("log/open", "open");
        EDGE.publish("log/open/deep/er", "deeper");
        Wire.Answer before = get("/events?topic=log/**" + POLL + "&position=" + start, wide);
        assertThat(before.body()).contains("hidden", "open", "deeper");
        Wire.Answer after = get("/events?topic=log/open&topic=log/open/*" + POLL + "&position=" + start, narrow);
        assertThat(after.status()).isEqualTo(200);
        assertThat(after.body()).contains("\"open\"").doesNotContain("hidden", "deeper");
        for (String position : List.of(start, "earliest", "nonsense")) {
            Wire.Answer no = get("/events?topic=log/**" + POLL + "&position=" + position, narrow);
            assertThat(no.status()).isEqualTo(403);
            assertThat(no.body()).doesNotContain("hidden");
        }
    }

    @Test
    void showsItInTheFirstFrameAndGetsNothingBefore() {
        try (RawWebSocket socket = new RawWebSocket(EDGE.port(), "/events?open=frame&topic=f")) {
            EDGE.publish("f", "before");
            assertThat(socket.wire().hasMore()).isFalse();
            socket.text("{\"control\":\"open\",\"token\":\"" + MINT.token("me", "f") + "\"}");
            assertThat(socket.next().path("control").asText()).isEqualTo("hello");
            EDGE.publish("f", "after");
            assertThat(socket.next().path("data").asText()).isEqualTo("after");
        }
    }

    @Test
    void isClosedWithAReasonIfItsFirstFrameIsNotEnough() {
        for (String frame : List.of("{\"control\":\"open\"}", "{\"control\":\"open\",\"token\":\"x\"}")) {
            try (RawWebSocket socket = new RawWebSocket(EDGE.port(), "/events?open=frame&topic=f")) {
                assertThat(socket.text(frame).closeStatus()).isEqualTo(4401);
            }
        }
        try (RawWebSocket socket = new RawWebSocket(EDGE.port(), "/events?open=frame&topic=f")) {
            socket.text("{\"control\":\"open\",\"topics\":[\"**\"],\"token\":\"" + MINT.token("me", "f") + "\"}");
            assertThat(socket.closeStatus()).isEqualTo(4403);
        }
    }

    /** A page from elsewhere could open an address with a session that it knows, and go on with it by itself. */
    @Test
    void nobodyChoosesTheSecretThatStandsInForAToken() {
        String chosen = "&session=chosen-by-somebody&resume=chosen-by-somebody-else";
        JsonNode hello = get("/events?topic=s" + POLL + chosen, bearer(MINT.token("me", "s")))
                .json()
                .path(0);
        assertThat(hello.path("session").asText()).isEqualTo("chosen-by-somebody");
        assertThat(hello.path("resume").asText()).isNotEqualTo("chosen-by-somebody-else");
        assertThat(get("/events?topic=s" + POLL + chosen).status()).isEqualTo(401);
    }

    @Test
    void ownsItsSessionAndNobodyElseDoes() {
        String mine = bearer(MINT.token("me", "s"));
        JsonNode hello = get("/events?topic=s" + POLL + "&session=0123456789abcdef", mine)
                .json()
                .path(0);
        String session = "&session=0123456789abcdef";
        String resume = "&resume=" + hello.path("resume").asText();
        assertThat(get("/events?topic=s" + POLL + session, mine).status()).isEqualTo(200);
        assertThat(get("/events?topic=s" + POLL + session + resume).status()).isEqualTo(200);
        assertThat(get("/events?topic=other" + POLL + session + resume).status())
                .isEqualTo(403);
        assertThat(get("/events?topic=s" + POLL + session).status()).isEqualTo(401);
        assertThat(get("/events?topic=s" + POLL + session + "&resume=guessed").status())
                .isEqualTo(401);
        String other = bearer(MINT.token("other", "s"));
        assertThat(get("/events?topic=s" + POLL + session, other).status()).isEqualTo(403);
        assertThat(get("/events?topic=s" + POLL + session + resume, other).status())
                .isEqualTo(403);
        assertThat(get("/receipts?session=0123456789abcdef&nonce=guess&position=1")
                        .body())
                .isEqualTo(get("/receipts?session=there-is-no-such&nonce=guess&position=1")
                        .body());
    }

    @Test
    void isNotToldToOthers() {
        String token = MINT.token("me", "s");
        Wire.Answer info = get("/info", bearer(token), "Cookie: __Host-needle=" + token);
        assertThat(info.body()).contains("authorization").doesNotContain(token);
    }
}
