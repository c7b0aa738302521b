package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.needle.access.Mint;
import org.needle.edge.EdgeSettings;
import org.needle.edge.Origins;
import org.needle.edge.Proxies;

/** A token may be in many hands: up to its subject's share of sessions they come in, wherever they are. */
class SubjectWithManySessions {
    private static final int SHARE = 3;

    private final Mint mint = new Mint();
    private final List<Wire> open = new ArrayList<>();

    private OpenEdge edge() {
        EdgeSettings.Shares shares = new EdgeSettings.Shares(1_000, 1_000, SHARE, 50, 20);
        Proxies local = Proxies.of(List.of("127.0.0.0/8"));
        return OpenEdge.start(
                plan -> plan.letting(new EdgeSettings.Callers(mint.access(), Origins.NONE, local, false, shares))
                        .resumable(Duration.ofMillis(1)));
    }

    /** A stream of {@code subject}, from an address of its own. */
    private Wire.Head stream(OpenEdge edge, String subject, String more) {
        Wire wire = new Wire(edge.port());
        open.add(wire);
        return wire.send(
                        "GET /events?topic=t&transport=stream" + more + " HTTP/1.1",
                        "Authorization: Bearer " + mint.token(subject, "t"),
                        "X-Forwarded-For: 203.0.113." + open.size())
                .head();
    }

    private JsonNode hello(OpenEdge edge, String subject) {
        Wire.Head head = stream(edge, subject, "");
        assertThat(head.status()).isEqualTo(200);
        Wire last = open.get(open.size() - 1);
        return Frame.parse(last.body(head).until("\n"));
    }

    @Test
    void isToldToComeBackLaterBeyondItsShare() {
        try (OpenEdge edge = edge()) {
            JsonNode hello = null;
            for (int i = 0; i < SHARE; i++) {
                hello = hello(edge, "one");
            }
            Wire.Head refused = stream(edge, "one", "");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
            Wire.Answer sse = Wire.ask(
                    edge.port(), "GET /events?topic=t HTTP/1.1", "Authorization: Bearer " + mint.token("one", "t"));
            assertThat(sse.status()).as("of an EventSource, that knows no 429").isEqualTo(200);
            assertThat(sse.body()).contains("event: needle-bye\n", "\"reason\":\"rate\"");
            assertThat(stream(edge, "other", "").status())
                    .as("others are not concerned")
                    .isEqualTo(200);
            String own = "&session=" + hello.path("session").asText();
            assertThat(stream(edge, "one", own).status())
                    .as("its sessions go on")
                    .isEqualTo(200);
        } finally {
            open.forEach(Wire::close);
        }
    }

    @Test
    void comesInAgainWhenASessionIsOver() {
        try (OpenEdge edge = edge()) {
            for (int i = 0; i < SHARE; i++) {
                hello(edge, "one");
            }
            open.get(0).close();
            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                            stream(edge, "one", "").status())
                    .isEqualTo(200));
            assertThat(stream(edge, "one", "").status()).isEqualTo(429);
        } finally {
            open.forEach(Wire::close);
        }
    }
}
