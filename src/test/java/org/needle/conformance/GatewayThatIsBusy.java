package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.needle.edge.Transport;

/** What the gateway has had no time to read is not held against the client that sent it. */
class GatewayThatIsBusy {
    /** Longer than receipts may be behind. */
    private static final Duration BUSY = Duration.ofMillis(6_500);

    private static void pass(Duration time) {
        Subscriber.soon().pollDelay(time).until(() -> true);
    }

    private static int receipt(int port, JsonNode hello, String position) {
        return Wire.receipt(port, hello, ",\"position\":\"" + position + "\"").status();
    }

    @Test
    void doesNotEndStreamsWhoseReceiptsWait() {
        try (OpenEdge edge = OpenEdge.start();
                Subscriber stream =
                        Subscriber.open(Transport.SSE, Ask.of(edge.port(), "t").with("receipts=1"))) {
            edge.edge().otherPaths((context, request) -> {
                pass(BUSY); // on the event loop, as no request may
                return false;
            });
            JsonNode hello = stream.hello().json();
            assertThat(receipt(edge.port(), hello, hello.path("position").asText()))
                    .isEqualTo(204);
            pass(Duration.ofSeconds(2)); // its first proof is done with
            edge.publish("t", "1");
            stream.awaitEvents(1);
            pass(Duration.ofMillis(1_200));
            edge.publish("t", "2"); // so events flow, and receipts should
            stream.awaitEvents(2);
            List<Wire> requests =
                    Stream.generate(() -> new Wire(edge.port())).limit(2).toList(); // one for each loop
            requests.forEach(each -> each.send("GET /busy HTTP/1.1"));
            requests.forEach(each -> assertThat(each.answer().status()).isEqualTo(404));
            pass(Duration.ofMillis(1_500)); // looks over its subscribers meanwhile
            assertThat(stream.isEnded()).isFalse();
            assertThat(receipt(edge.port(), hello, stream.position())).isEqualTo(204);
            edge.publish("t", "3");
            stream.awaitEvents(3);
            requests.forEach(Wire::close);
        }
    }
}
