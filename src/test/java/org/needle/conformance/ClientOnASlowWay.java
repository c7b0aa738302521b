package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Where each answer takes seconds, nothing holds data: it keeps its session and its stream. */
class ClientOnASlowWay {
    private static final String POLL = "GET /events?topic=slow&transport=poll&wait=0&receipts=1";
    private static final Duration THERE_AND_BACK = Duration.ofSeconds(7);

    @Test
    void isGivenTheTimeThatItsPollsHaveTaken() {
        try (OpenEdge edge = OpenEdge.start();
                Wire wire = new Wire(edge.port())) {
            JsonNode first = Wire.ask(edge.port(), POLL + " HTTP/1.1").json().path(0);
            String on = "&session=" + first.path("session").asText() + "&resume="
                    + first.path("resume").asText() + "&position="
                    + first.path("position").asText();
            pass();
            JsonNode second =
                    Wire.ask(edge.port(), POLL + on + " HTTP/1.1").json().path(0);
            assertThat(second.path("resume").asText())
                    .isEqualTo(first.path("resume").asText());
            Wire.Body stream = wire.body(
                    wire.send("GET /events?topic=slow&receipts=1" + on + " HTTP/1.1", "Accept: text/event-stream")
                            .head());
            pass();
            edge.publish("slow", "1");
            assertThat(stream.until("data: 1\n\n")).doesNotContain("needle-bye");
        }
    }

    private static void pass() {
        Subscriber.soon().pollDelay(THERE_AND_BACK).until(() -> true);
    }
}
