package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.needle.edge.Transport;

/** A client that promised receipts is on a path that holds data, or comes to be: both sides find out, and others profit. */
@Isolated("its clients and times need the machine")
class SessionOnAHeldPath {
    private static JsonNode hello(String text) {
        int data = text.indexOf("data: ");
        return Frame.parse(text.substring(data + 6, text.indexOf("\n\n", data)));
    }

    private static String me(JsonNode hello) {
        return "session=" + hello.path("session").asText();
    }

    private static int receipt(OpenEdge edge, JsonNode hello, String more) {
        String query =
                "/receipts?" + me(hello) + "&nonce=" + hello.path("nonce").asText() + more;
        return Wire.ask(edge.port(), "GET " + query + " HTTP/1.1").status();
    }

    private static Wire.Body stream(Wire wire, String query) {
        return wire.body(wire.send("GET /events?receipts=1&" + query + " HTTP/1.1", "Accept: text/event-stream")
                .head());
    }

    private static long judged(OpenEdge edge, String verdict) {
        return edge.edge().meters().stream()
                .filter(meter -> meter.name().equals("needle.verdicts"))
                .filter(meter -> verdict.equals(meter.tags().get("verdict")))
                .mapToLong(meter -> meter.value().getAsLong())
                .sum();
    }

    @Test
    void namesThePathByTheReceiptThatComesWhenTheResponseHasEnded() {
        try (OpenEdge edge = OpenEdge.start();
                Wire wire = new Wire(edge.port())) {
            JsonNode hello = hello(stream(wire, "topic=held").rest()); // all at once, at the end
            assertThat(receipt(edge, hello, "")).isEqualTo(204);
            assertThat(edge.meter("needle.bursts")).isEqualTo(1);
            Subscriber.soon().until(() -> judged(edge, "held-to-end") == 1);
            PlainSource source = new PlainSource(edge.port(), "held");
            source.next().untilEnd().close();
            try (PlainSource.Life life = source.next().untilHello()) {
                edge.publish("held", "1");
                long start = System.nanoTime();
                life.untilEnd();
                assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
                        .isLessThan(1_000);
            }
        }
    }

    @Test
    void isToldOfABetterTransportByAPoll() {
        try (OpenEdge edge = OpenEdge.start();
                Wire wire = new Wire(edge.port())) {
            Wire.Body body = stream(wire, "topic=t");
            receipt(edge, hello(body.until("\n\n")), "&verdicts=sse:held-to-end,websocket:clear,stream:clear");
            String poll = "GET /events?topic=t&transport=poll&wait=0&receipts=1 HTTP/1.1";
            JsonNode answer = Wire.ask(edge.port(), poll).json();
            assertThat(answer.path(0).path("control").asText()).isEqualTo("hello");
            assertThat(answer.path(1).path("control").asText()).isEqualTo("switch");
            assertThat(answer.path(1).path("transport").asText()).isEqualTo("websocket");
            assertThat(answer.path(1).path("reason").asText()).isEqualTo("held-to-end");
            String again = poll.replace(
                    "receipts=1",
                    "receipts=1&" + me(answer.path(0)) + "&resume="
                            + answer.path(0).path("resume").asText());
            assertThat(Wire.ask(edge.port(), again).json())
                    .as("not again and again")
                    .hasSize(1);
            String stranger = "GET /events?topic=t&transport=poll&wait=0 HTTP/1.1";
            assertThat(Wire.ask(edge.port(), stranger).json())
                    .as("not to those without a library")
                    .hasSize(1);
        }
    }

    @Test
    void isNotToldOfATransportThatItHasFoundToBeBad() {
        try (OpenEdge edge = OpenEdge.start();
                Wire wire = new Wire(edge.port());
                Wire other = new Wire(edge.port())) {
            receipt(edge, hello(stream(wire, "topic=t").until("\n\n")), "&verdicts=sse:held-to-end,stream:clear");
            JsonNode hello = hello(stream(other, "topic=t").until("\n\n"));
            receipt(edge, hello, "&verdicts=stream:blocked");
            String poll = "GET /events?topic=t&transport=poll&wait=0&receipts=1&" + me(hello) + "&resume="
                    + hello.path("resume").asText() + " HTTP/1.1";
            assertThat(Wire.ask(edge.port(), poll).json()).hasSize(1);
        }
    }

    @Test
    void isEndedOnceItsReceiptsDoNotKeepUpAnyMore() {
        try (OpenEdge edge = OpenEdge.start();
                Subscriber stream = Subscriber.open(
                        Transport.SSE, Ask.of(edge.port(), "flow").with("receipts=1"))) {
            assertThat(receipt(edge, stream.hello().json(), "")).isEqualTo(204);
            long start = System.nanoTime();
            int sent = 0;
            while (!stream.isEnded() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(15)) {
                edge.publish("flow", Integer.toString(sent++));
                long at = System.nanoTime();
                Subscriber.soon().until(() -> System.nanoTime() - at > TimeUnit.MILLISECONDS.toNanos(200));
            }
            stream.awaitEnd();
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(4_900L, 9_000L);
            assertThat(stream.controls("bye").get(0).json().path("reason").asText())
                    .isEqualTo("unproved");
        }
    }

    @Test
    void keepsItsStreamWhileTheyDo() {
        try (OpenEdge edge = OpenEdge.start();
                Subscriber stream = Subscriber.open(
                        Transport.SSE, Ask.of(edge.port(), "flow").with("receipts=1"))) {
            JsonNode hello = stream.hello().json();
            receipt(edge, hello, "");
            long start = System.nanoTime();
            for (int i = 0; System.nanoTime() - start < TimeUnit.SECONDS.toNanos(8); i++) {
                edge.publish("flow", Integer.toString(i));
                stream.awaitEvents(i + 1);
                assertThat(receipt(edge, hello, "&position=" + stream.position()))
                        .isEqualTo(204);
                long at = System.nanoTime();
                Subscriber.soon().until(() -> System.nanoTime() - at > TimeUnit.MILLISECONDS.toNanos(300));
            }
            assertThat(stream.isEnded()).isFalse();
        }
    }

    @Test
    void isGoneOnceItOwesAReceiptForTooLong() {
        try (OpenEdge edge = OpenEdge.start(plan -> plan.heartbeat(Duration.ofMillis(500)));
                Subscriber stream = Subscriber.open(
                        Transport.SSE, Ask.of(edge.port(), "one").with("receipts=1"))) {
            receipt(edge, stream.hello().json(), "");
            edge.publish("one", "1");
            stream.awaitEvents(1);
            stream.awaitEnd();
            assertThat(stream.controls("bye")).isEmpty();
            assertThat(edge.meter("needle.subscribers")).isZero();
        }
    }

    @Test
    void isLeftInPeaceWhileThereIsNothingToAnswer() {
        try (OpenEdge edge = OpenEdge.start(plan -> plan.heartbeat(Duration.ofMillis(200)));
                Subscriber stream = Subscriber.open(
                        Transport.SSE, Ask.of(edge.port(), "none").with("receipts=1"))) {
            receipt(edge, stream.hello().json(), "");
            long at = System.nanoTime();
            Subscriber.soon().until(() -> System.nanoTime() - at > TimeUnit.SECONDS.toNanos(8));
            edge.publish("none", "1");
            stream.awaitEvents(1);
        }
    }

    @Test
    void getsNoCommentsWhereDataComesAsItIsSent() {
        try (OpenEdge edge = OpenEdge.start();
                Wire wire = new Wire(edge.port())) {
            Wire.Body body = stream(wire, "topic=quick");
            JsonNode hello = hello(body.until("\n\n"));
            receipt(edge, hello, "");
            body.until("event: needle-tick");
            body.until("\n\n");
            edge.publish("quick", "1");
            body.until("data: 1\n\n");
            long at = System.nanoTime();
            Subscriber.soon().until(() -> System.nanoTime() - at > TimeUnit.MILLISECONDS.toNanos(600));
            String id = edge.publish("quick", "2");
            assertThat(body.until("data: 2\n\n")).isEqualTo("id: " + id + "\ndata: 2\n\n");
        }
    }

    @Test
    void getsACommentSoonAfterEachBurstWhereOnlyThatBroughtTheHello() {
        try (OpenEdge edge = OpenEdge.start();
                Wire wire = new Wire(edge.port())) {
            Wire.Body body = stream(wire, "topic=late");
            JsonNode hello = hello(body.until("\n\n"));
            body.until(":\n");
            receipt(edge, hello, "");
            body.until("event: needle-tick");
            body.until("event: needle-tick");
            body.until("\n\n:\n");
            edge.publish("late", "1");
            body.until("data: 1\n\n");
            long start = System.nanoTime();
            body.until(":\n");
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(220);
        }
    }
}
