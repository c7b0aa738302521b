package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.needle.edge.Confirmations;
import org.needle.edge.Terms;
import org.needle.edge.Transport;
import org.needle.hub.Content;
import org.needle.hub.Event;

/** A client without a library says nothing; what its path and its socket show is taken for its word where a leg waits. */
class ClientThatConfirmsByItsPath {
    private static CompletableFuture<Boolean> leg(OpenEdge edge, String topic) {
        Event event = edge.publishLater(topic, Content.text(null, "wanted")).join();
        Confirmations confirmations = edge.edge().confirmations();
        return confirmations
                .await(confirmations.reach(event), new Terms(Terms.Scope.ALL, null, false))
                .outcome();
    }

    private static void proveThePath(OpenEdge edge) {
        try (Subscriber library =
                Subscriber.open(Transport.SSE, Ask.of(edge.port(), "other").with("receipts=1"))) {
            JsonNode hello = library.hello().json();
            String query = "/receipts?session=" + hello.path("session").asText() + "&nonce="
                    + hello.path("nonce").asText();
            assertThat(Wire.ask(edge.port(), "GET " + query + " HTTP/1.1").status())
                    .isEqualTo(204);
        }
    }

    @Test
    void hasWhatItsSocketTookOnceThePathIsSeenToBeClear() throws Exception {
        try (OpenEdge edge = OpenEdge.start();
                Subscriber plain = Subscriber.open(Transport.SSE, Ask.of(edge.port(), "plain"))) {
            plain.hello();
            CompletableFuture<Boolean> outcome = leg(edge, "plain");
            plain.awaitEvents(1);
            assertThat(isDoneWithin(outcome, 2_500))
                    .as("nothing is known of the path")
                    .isFalse();
            // again where the machine was so late that a comment had gone out before the receipt
            Subscriber.soon().pollInterval(1, TimeUnit.SECONDS).until(() -> {
                proveThePath(edge);
                return outcome.isDone();
            });
            assertThat(outcome).isCompletedWithValue(true);
        }
    }

    @Test
    void hasWhatWasSentBeforeAPingThatItsWebSocketAnswers() throws Exception {
        try (OpenEdge edge = OpenEdge.start();
                Subscriber plain = Subscriber.open(Transport.WEBSOCKET, Ask.of(edge.port(), "ws"))) {
            plain.hello();
            CompletableFuture<Boolean> outcome = leg(edge, "ws");
            assertThat(outcome.get(20, TimeUnit.SECONDS)).isTrue();
            plain.awaitEvents(1);
        }
    }

    @Test
    void hasNothingWhileItAnswersNoPing() throws Exception {
        try (OpenEdge edge = OpenEdge.start();
                RawWebSocket mute = new RawWebSocket(edge.port(), "/events?topic=mute")) {
            mute.next();
            assertThat(isDoneWithin(leg(edge, "mute"), 3_000)).isFalse();
        }
    }

    private static boolean isDoneWithin(CompletableFuture<Boolean> outcome, long ms) throws Exception {
        try {
            outcome.get(ms, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }
}
