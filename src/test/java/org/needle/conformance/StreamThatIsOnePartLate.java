package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A path that holds what was sent last until more comes: receipts show it, also where events come so soon that nothing is ever late. */
class StreamThatIsOnePartLate {
    private static final String COMMENT = "\n:\n";
    private static final String TICK = "event: needle-tick\n";

    /** A client that promises receipts, at a place that nobody has been at before. */
    private static final class Client implements AutoCloseable {
        private final OpenEdge edge = OpenEdge.start();
        private final Wire wire = new Wire(edge.port());
        private final Wire.Body stream = wire.body(wire.send(
                        "GET /events?topic=t&receipts=1 HTTP/1.1",
                        "Accept: text/event-stream",
                        "User-Agent: " + PlainSource.agent())
                .head());
        private final JsonNode hello;

        Client() {
            String text = stream.until("\n\n");
            hello = Frame.parse(text.substring(text.indexOf("data: ") + 6));
        }

        String until(String mark) {
            return stream.until(mark);
        }

        /** Publishes and reads it. */
        String publish(String data) {
            String id = edge.publish("t", data);
            until("data: " + data + "\n\n");
            return id;
        }

        void confirm(String position) {
            assertThat(Wire.receipt(edge.port(), hello, ",\"position\":\"" + position + "\"")
                            .status())
                    .isEqualTo(204);
        }

        /** An event follows the hello so soon that the hello is confirmed behind it. */
        String followed() {
            String id = publish("1");
            confirm(hello.path("position").asText());
            return id;
        }

        /** Sees to it that a tick follows an event before a comment does, and confirms the event; false where the machine was late. */
        boolean isPushedByATick() {
            followed();
            until(":\n");
            Subscriber.soon().pollDelay(Duration.ofMillis(150)).until(() -> true);
            String second = publish("2");
            StringBuilder more = new StringBuilder("\n");
            while (more.indexOf(TICK) < 0) {
                more.append((char) stream.next());
                if (more.indexOf(COMMENT) >= 0) {
                    return false;
                }
            }
            until("\n\n");
            confirm(second);
            return true;
        }

        @Override
        public void close() {
            wire.close();
            edge.close();
        }
    }

    @Test
    void isPushedOnWhileNoReceiptComesForWhatWasSentLastAndSoonOnceThatHasHelped() {
        try (Client client = new Client()) {
            String first = client.followed();
            assertThat(client.until(":\n")).isEqualTo(":\n");
            client.confirm(first);
            client.publish("2");
            assertThat(client.until(":\n")).isEqualTo(":\n");
            assertThat(client.until(":\n")).as("once more").isEqualTo(":\n");
        }
    }

    @Test
    void isNotTakenForOneThatIsNotWhereATickHasPushed() {
        for (int i = 0; i < 10; i++) {
            try (Client client = new Client()) {
                if (client.isPushedByATick()) {
                    client.publish("3");
                    assertThat(client.until(":\n")).isEqualTo(":\n");
                    return;
                }
            }
        }
        fail("a comment came before the tick each time");
    }

    @Test
    void isLeftAloneOnceAReceiptShowsThatNothingHasToFollow() {
        try (Client client = new Client()) {
            client.confirm(client.followed());
            pass();
            client.publish("2");
            pass();
            client.edge.publish("t", "3");
            assertThat("\n" + client.until("data: 3\n\n")).doesNotContain(COMMENT);
        }
    }

    @Test
    void doesNotSpeakForItsNetworkBeforeThat() {
        try (Client client = new Client()) {
            client.followed();
            client.edge.publish("plain", "0");
            PlainSource source = new PlainSource(client.edge.port(), "plain");
            try (PlainSource.Life life = source.next().untilHello()) {
                client.edge.publish("plain", "1");
                life.until("data: 1\n\n").until(":\n");
            }
        }
    }

    /** Longer than any comment lets wait for it. */
    private static void pass() {
        Subscriber.soon().pollDelay(Duration.ofMillis(1_200)).until(() -> true);
    }
}
