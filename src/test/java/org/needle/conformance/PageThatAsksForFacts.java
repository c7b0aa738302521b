package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** /info, and what every answer says to browsers and caches. */
class PageThatAsksForFacts {
    private static final OpenEdge EDGE = OpenEdge.start();

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    @Test
    void getsItsNonceAndItsHeadersBackAndIsNeverCached() {
        Wire.Answer answer = Wire.ask(
                EDGE.port(),
                "GET /info?nonce=n-4711 HTTP/1.1",
                "X-Probe: one",
                "Last-Event-ID: p1",
                "Accept: text/html");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        JsonNode info = answer.json();
        assertThat(info.path("nonce").asText()).isEqualTo("n-4711");
        assertThat(info.path("heartbeat").asLong()).isEqualTo(15_000);
        assertThat(info.path("time").asLong()).isPositive();
        List<String> transports = new ArrayList<>();
        info.path("transports").forEach(t -> transports.add(t.asText()));
        assertThat(transports).containsExactlyInAnyOrder("sse", "websocket", "stream", "poll");
        assertThat(info.path("headers").toString().toLowerCase(java.util.Locale.ROOT))
                .contains("x-probe")
                .contains("one")
                .contains("last-event-id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization: Bearer secret-token", "Cookie: __Host-needle=secret-token"})
    void isNotShownSecretsAgain(String header) {
        Wire.Answer answer = Wire.ask(EDGE.port(), "GET /info HTTP/1.1", header);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain("secret-token");
    }

    @Test
    void cannotInjectIntoTheAnswer() {
        Wire.Answer answer = Wire.ask(EDGE.port(), "GET /info?nonce=%22%0D%0AX%3A%20y%3Cscript%3E HTTP/1.1");
        assertThat(answer.status()).isIn(200, 400);
        assertThat(answer.head().headers()).doesNotContainKey("x");
        assertThat(answer.header("Content-Type")).startsWith("application/");
    }

    @Test
    void isNotOpenToOtherOriginsUnlessTheyAreListed() {
        Wire.Answer answer = Wire.ask(
                EDGE.port(),
                "GET /events?topic=t&transport=poll&wait=0 HTTP/1.1",
                "Origin: https://evil.example",
                "Sec-Fetch-Site: cross-site");
        assertThat(answer.head().headers())
                .doesNotContainKeys("access-control-allow-origin", "access-control-allow-credentials");
    }
}
