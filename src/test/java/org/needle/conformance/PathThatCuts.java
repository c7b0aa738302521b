package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Something on the way ends connections: for their silence, or for their age. What was seen twice is prepared for. */
@Isolated("its clients and times need the machine")
class PathThatCuts {
    private static final Duration SILENCE = Duration.ofMillis(2_600);
    private static final Duration AGE = Duration.ofSeconds(4);

    private static void pass(Duration time) {
        long start = System.nanoTime();
        Subscriber.soon().until(() -> System.nanoTime() - start > time.toNanos());
    }

    /** Cuts the next response for its silence; false if it is told that there will be none. */
    private static boolean cutsWhenSilent(PlainSource source) {
        try (PlainSource.Life life = source.next().untilHello()) {
            if (source.heartbeat() < SILENCE.toMillis()) {
                return false;
            }
            life.until("event: needle-tick").until("event: needle-tick").until("\n\n:\n");
            pass(SILENCE);
            return true;
        }
    }

    /** Cuts the next response at an age; false if it ends before. */
    private static boolean cutsAtAge(OpenEdge edge, PlainSource source) {
        try (PlainSource.Life life = source.next().untilHello()) {
            long start = System.nanoTime();
            boolean more = true;
            while (more && System.nanoTime() - start < AGE.toNanos()) {
                edge.publish("busy", "x");
                more = life.reads("data: x\n\n");
                pass(Duration.ofMillis(100));
            }
            return more;
        }
    }

    @Test
    void silentStreamsGetsSignsOfLifeInTime() {
        try (OpenEdge edge = OpenEdge.start()) {
            PlainSource source = new PlainSource(edge.port(), "quiet");
            source.next().untilHello().close();
            edge.awaitNobody();
            int cuts = 0;
            while (cuts < 6 && cutsWhenSilent(source)) { // two that are equal would do, on a machine that keeps time
                cuts++;
                edge.awaitNobody();
            }
            assertThat(cuts).isBetween(2, 5);
            assertThat(source.heartbeat()).isEqualTo(2_000);
            edge.awaitNobody();
            try (PlainSource.Life life = source.next().untilHello()) {
                life.until("event: needle-tick").until("event: needle-tick").until("\n\n:\n");
                long start = System.nanoTime();
                life.until(":\n");
                assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(4_000));
            }
        }
    }

    @Test
    void streamsOfAnAgeIsForestalled() {
        try (OpenEdge edge = OpenEdge.start()) {
            PlainSource source = new PlainSource(edge.port(), "busy");
            source.next().untilHello().close();
            edge.awaitNobody();
            int cuts = 0;
            while (cuts < 6 && cutsAtAge(edge, source)) {
                cuts++;
                edge.awaitNobody();
            }
            assertThat(cuts).isBetween(2, 5);
            assertThat(source.retry()).as("it ended in time").isEqualTo(100);
            assertThat(edge.meter("needle.cuts")).isEqualTo(cuts + 1);
        }
    }

    @Test
    void sessionsOfALibraryIsKnownByTheirReturn() {
        try (OpenEdge edge = OpenEdge.start()) {
            String more = "";
            long heartbeat = 15_000;
            for (int i = 0; i < 6 && heartbeat == 15_000; i++) {
                Wire wire = new Wire(edge.port());
                Wire.Body body = wire.body(
                        wire.send("GET /events?topic=lib&receipts=1" + more + " HTTP/1.1", "Accept: text/event-stream")
                                .head());
                String block = body.until("\n\n");
                JsonNode hello = Frame.parse(block.substring(block.indexOf("data: ") + 6));
                String me = "&session=" + hello.path("session").asText();
                Wire.ask(
                        edge.port(),
                        "GET /receipts?nonce=" + hello.path("nonce").asText() + me + " HTTP/1.1");
                more = me + "&resume=" + hello.path("resume").asText();
                heartbeat = hello.path("heartbeat").asLong();
                if (heartbeat == 15_000) {
                    body.until("event: needle-tick");
                    body.until("event: needle-tick");
                    pass(SILENCE);
                }
                wire.close();
                edge.awaitNobody();
            }
            assertThat(edge.meter("needle.cuts")).isGreaterThanOrEqualTo(2);
            assertThat(heartbeat).isEqualTo(2_000);
        }
    }
}
