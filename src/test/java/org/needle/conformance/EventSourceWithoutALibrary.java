package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that comes back by itself and cannot say what has arrived: it is helped through whatever its network does. */
@Tag("lab")
@Isolated("its clients and times need the machine")
class EventSourceWithoutALibrary {
    private static final Duration HOLD = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofMinutes(10);

    private static OpenEdge edge() {
        return OpenEdge.start(plan -> plan.holding(HOLD, LONG));
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    /** Reads nothing for that long; what the response says after it shows that it is still open. */
    private static void assertOutlasts(OpenEdge edge, String topic, PlainSource.Life life, Duration time) {
        long start = System.nanoTime();
        Subscriber.soon().until(() -> System.nanoTime() - start > time.toNanos());
        edge.publish(topic, "after that");
        assertThat(life.until("data: after that\n\n").text()).doesNotContain("\nretry: 100\n");
    }

    /** A session of a library, or of the doctor, at the same place says what it has found. */
    private static void tell(OpenEdge edge, String verdicts, String... headers) {
        try (Wire wire = new Wire(edge.port())) {
            String[] head = new String[headers.length + 2];
            head[0] = "GET /events?topic=told&receipts=1 HTTP/1.1";
            head[1] = "Accept: text/event-stream";
            System.arraycopy(headers, 0, head, 2, headers.length);
            Wire.Body body = wire.body(wire.send(head).head());
            String hello = body.until("\n\n");
            JsonNode json = Frame.parse(hello.substring(hello.indexOf("data: ") + 6));
            String query = "/receipts?session=" + json.path("session").asText() + "&nonce="
                    + json.path("nonce").asText() + (verdicts.isEmpty() ? "" : "&verdicts=" + verdicts);
            assertThat(Wire.ask(edge.port(), "GET " + query + " HTTP/1.1").status())
                    .isEqualTo(204);
        }
    }

    @Test
    void isSentAwayAWhileAfterAnEventSoThatWhatIsHeldComesOut() {
        try (OpenEdge edge = edge()) {
            PlainSource source = new PlainSource(edge.port(), "plain");
            source.next().untilHello().close();
            edge.awaitNobody();
            long start;
            try (PlainSource.Life life = source.next().untilHello()) {
                start = System.nanoTime();
                edge.publish("plain", "1");
                life.untilEnd();
            }
            assertThat(millisSince(start)).isBetween(HOLD.toMillis() * 3 / 4 - 50, HOLD.toMillis() + 1_500);
            assertThat(source.retry()).isEqualTo(100);
            String session = source.session();
            try (PlainSource.Life life = source.next().untilHello()) {
                edge.publish("plain", "2");
                life.until("data: 2\n\n");
            }
            assertThat(source.session()).as("it goes on with its session").isEqualTo(session);
            assertThat(source.events()).containsExactly("1", "2");
            assertThat(edge.meter("needle.sessions")).isEqualTo(1);
        }
    }

    @Test
    void isSentAwayOnceAtTheBeginningSoThatItKnowsWhereItIs() {
        try (OpenEdge edge = edge()) {
            PlainSource source = new PlainSource(edge.port(), "begin");
            source.next().untilEnd().close();
            assertThat(source.position()).isNotEmpty();
            try (PlainSource.Life life = source.next().untilHello()) {
                assertOutlasts(edge, "begin", life, HOLD.multipliedBy(2));
            }
        }
    }

    @Test
    void isSentACommentAfterEachBurstThatPushesOnWhatIsLate() {
        try (OpenEdge edge = edge();
                PlainSource.Life life =
                        new PlainSource(edge.port(), "late").next().untilHello()) {
            life.until("\n\n:\n");
            edge.publish("late", "1");
            life.until("data: 1\n\n");
            long start = System.nanoTime();
            life.until(":\n");
            assertThat(millisSince(start)).isBetween(200L, 1_500L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Accept: text/event-stream", "Accept: */*", "X: none"})
    void isNotWhoeverJustAsksForAStreamWhichThereforeStaysOpen(String accept) {
        try (OpenEdge edge = OpenEdge.start(plan -> plan.holding(Duration.ofMillis(100), Duration.ofMillis(100)));
                Wire wire = new Wire(edge.port())) {
            Wire.Body body = wire.body(
                    wire.send("GET /events?topic=stays HTTP/1.1", accept).head());
            body.until("\n\n");
            edge.publish("stays", "1");
            body.until("data: 1\n\n");
            long start = System.nanoTime();
            Subscriber.soon().until(() -> millisSince(start) > 2_500);
            edge.publish("stays", "2");
            assertThat(body.until("data: 2\n\n")).doesNotContain("retry: ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"&ticket=can-be-used-once", "&session=needs-its-secret-the-next-time"})
    void isNotSentAwayIfItWouldNotBeLetInAgain(String query) {
        try (OpenEdge edge = OpenEdge.start(plan -> plan.holding(Duration.ofMillis(100), Duration.ofMillis(100)))) {
            PlainSource source = new PlainSource(edge.port(), "once" + query);
            try (PlainSource.Life life = source.next().untilHello()) {
                assertOutlasts(edge, "once", life, Duration.ofMillis(2_500));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"User-Agent: curl/8.5.0|Last-Event-ID: a-1", "User-Agent: Python/3.12 aiohttp/3.9", "X: none"})
    void isNoProgramThatHasNotComeBackAndNoTerminal(String headers) {
        try (OpenEdge edge = OpenEdge.start(plan -> plan.holding(Duration.ofMillis(100), LONG));
                Wire wire = new Wire(edge.port())) {
            String both = "GET /events?topic=others HTTP/1.1|Accept: text/event-stream|Cache-Control: no-cache|";
            Wire.Body body = wire.body(wire.send((both + headers).split("\\|")).head());
            body.until("\n\n");
            long start = System.nanoTime();
            Subscriber.soon().until(() -> millisSince(start) > 2_500);
            edge.publish("others", "1");
            assertThat(body.until("data: 1\n\n")).doesNotContain("retry: ");
        }
    }

    @Test
    void isAProgramThatHasComeBack() {
        try (OpenEdge edge = edge();
                Wire wire = new Wire(edge.port())) {
            String position = edge.publish("back", "0");
            edge.publish("back", "1");
            Wire.Head head = wire.send(
                            "GET /events?topic=back HTTP/1.1",
                            "Accept: text/event-stream",
                            "Cache-Control: no-cache",
                            "User-Agent: Python/3.12 aiohttp/3.9",
                            "Last-Event-ID: " + position)
                    .head();
            assertThat(wire.body(head).rest()).contains("data: 1\n\n").endsWith("\nretry: 100\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sse:held-to-end", "sse:buffered,websocket:clear", "sse:swallowed"})
    void isSentAwayAfterEachBurstOnceSomebodyHasNamedThePath(String verdicts) {
        try (OpenEdge edge = edge()) {
            tell(edge, verdicts);
            PlainSource source = new PlainSource(edge.port(), "named");
            source.next().untilEnd().close(); // at once, so that it knows where it is
            for (int i = 0; i < 5; i++) {
                try (PlainSource.Life life = source.next().untilHello()) {
                    long start = System.nanoTime();
                    edge.publish("named", Integer.toString(i));
                    life.untilEnd();
                    assertThat(millisSince(start)).isLessThan(1_000);
                    assertThat(source.retry()).isEqualTo(100);
                }
            }
            assertThat(source.events()).containsExactly("0", "1", "2", "3", "4");
            assertThat(edge.meter("needle.sessions")).isEqualTo(2);
        }
    }

    @Test
    void isSentAwayAfterEachBurstOnceItComesBackWithoutWhatItHadBeenSent() {
        try (OpenEdge edge = edge()) {
            PlainSource source = new PlainSource(edge.port(), "cut");
            source.next().untilHello().close();
            edge.awaitNobody();
            try (PlainSource.Life life = source.next().untilHello()) {
                edge.publish("cut", "held");
                long start = System.nanoTime();
                Subscriber.soon().until(() -> millisSince(start) > 1_200);
                assertThat(life.hasMore()).isTrue(); // and whatever holds it is cut now
            }
            edge.awaitNobody();
            source.next().untilEnd().close();
            assertThat(source.events()).containsExactly("held");
            long start = System.nanoTime();
            try (PlainSource.Life life = source.next().untilHello()) {
                edge.publish("cut", "next");
                life.untilEnd();
            }
            assertThat(millisSince(start)).isLessThan(1_000);
        }
    }

    @Test
    void isLeftAloneForLongerWhereTheSameBrowserGetsDataAsItIsSent() {
        try (OpenEdge edge = edge()) {
            tell(edge, "", "User-Agent: " + PlainSource.agent());
            PlainSource source = new PlainSource(edge.port(), "clear");
            try (PlainSource.Life life = source.next().untilHello()) {
                edge.publish("clear", "1");
                life.until("data: 1\n\n");
                assertOutlasts(edge, "clear", life, HOLD.multipliedBy(2));
            }
        }
    }

    @Test
    void isSentAwaySeldomWhereItsPositionIsTakenOnTheWay() {
        try (OpenEdge edge = edge()) {
            PlainSource source = new PlainSource(edge.port(), "taken");
            source.next().untilEnd().close();
            source.nextWithoutPosition().untilEnd().close();
            try (PlainSource.Life life = source.nextWithoutPosition().untilHello()) {
                assertThat(edge.meter("needle.missing.positions")).isEqualTo(2);
                assertOutlasts(edge, "taken", life, HOLD.multipliedBy(2));
            }
        }
    }
}
