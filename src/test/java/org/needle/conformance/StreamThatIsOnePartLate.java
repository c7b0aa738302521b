package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A path that holds what was sent last until more comes: receipts show it, also where events come so soon that nothing is ever late. */
class StreamThatIsOnePartLate {
    private static final String COMMENT = "\n:\n";

    private final OpenEdge edge = OpenEdge.start();
    private final Wire wire = new Wire(edge.port());
    private final Wire.Body stream = wire.body(wire.send(
                    "GET /events?topic=t&receipts=1 HTTP/1.1",
                    "Accept: text/event-stream",
                    "User-Agent: " + PlainSource.agent())
            .head());

    @AfterEach
    void stop() {
        wire.close();
        edge.close();
    }

    private JsonNode hello() {
        String text = stream.until("\n\n");
        return Frame.parse(text.substring(text.indexOf("data: ") + 6));
    }

    private void receipt(JsonNode hello, String position) {
        assertThat(Wire.receipt(edge.port(), hello, ",\"position\":\"" + position + "\"")
                        .status())
                .isEqualTo(204);
    }

    /** An event follows the hello so soon that the hello is confirmed behind it. */
    private String followed(JsonNode hello) {
        String id = edge.publish("t", "1");
        stream.until("data: 1\n\n");
        receipt(hello, hello.path("position").asText());
        return id;
    }

    @Test
    void isPushedOnWhileNoReceiptComesForWhatWasSentLastAndSoonOnceThatHasHelped() {
        JsonNode hello = hello();
        String first = followed(hello);
        assertThat(stream.until(":\n")).isEqualTo(":\n");
        receipt(hello, first);
        edge.publish("t", "2");
        stream.until("data: 2\n\n");
        assertThat(stream.until(":\n")).isEqualTo(":\n");
        assertThat(stream.until(":\n")).as("once more").isEqualTo(":\n");
    }

    @Test
    void isNotTakenForOneThatIsNotWhereATickHasPushed() {
        JsonNode hello = hello();
        followed(hello);
        stream.until(":\n");
        Subscriber.soon().pollDelay(Duration.ofMillis(150)).until(() -> true);
        String second = edge.publish("t", "2"); // the next tick comes before a comment does
        assertThat(stream.until("event: needle-tick\n")).doesNotContain(COMMENT);
        stream.until("\n\n");
        receipt(hello, second);
        edge.publish("t", "3");
        stream.until("data: 3\n\n");
        assertThat(stream.until(":\n")).isEqualTo(":\n");
    }

    @Test
    void isLeftAloneOnceAReceiptShowsThatNothingHasToFollow() {
        JsonNode hello = hello();
        receipt(hello, followed(hello));
        pass();
        edge.publish("t", "2");
        stream.until("data: 2\n\n");
        pass();
        edge.publish("t", "3");
        assertThat("\n" + stream.until("data: 3\n\n")).doesNotContain(COMMENT);
    }

    @Test
    void doesNotSpeakForItsNetworkBeforeThat() {
        followed(hello());
        edge.publish("plain", "0");
        PlainSource source = new PlainSource(edge.port(), "plain");
        try (PlainSource.Life life = source.next().untilHello()) {
            edge.publish("plain", "1");
            life.until("data: 1\n\n").until(":\n");
        }
    }

    /** Longer than any comment lets wait for it. */
    private static void pass() {
        Subscriber.soon().pollDelay(Duration.ofMillis(1_200)).until(() -> true);
    }
}
