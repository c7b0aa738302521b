package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.needle.edge.ForwardAnswer;
import org.needle.edge.ForwardSettings;
import org.needle.hub.Content;
import org.needle.hub.SystemClock;
import org.needle.log.MemoryLog;

/** A forwarded answer whose client is busy when it ends. */
class AnswerThatIsTakenSlowly {
    private static final int WINDOW = 65_535; // of HTTP/2, until the client opens it further
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    @Test
    void isTakenToItsEndByOneThatCannotAskForTheRest() throws Exception {
        try (OpenEdge edge = OpenEdge.start(plan -> plan.tls(new TestKeys(folder).keys()));
                var up = edge.edge().forwards().open("up", (request, answer) -> answer(answer), settings());
                RawHttp2 client = new RawHttp2(edge.tlsPort())) {
            assertThat(up).isNotNull();
            client.send(RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, 1, RawHttp2.get("/proxy/up"));
            client.flush();
            String body = client.readBody(1, WINDOW);
            await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
            byte[] more = ByteBuffer.allocate(4).putInt(WINDOW).array();
            client.send(RawHttp2.WINDOW_UPDATE, 0, 0, more);
            client.send(RawHttp2.WINDOW_UPDATE, 0, 1, more);
            client.flush();
            body += client.readBody(1, WINDOW);
            assertThat(body).contains("data: 9x").contains("\"reason\":\"end\"");
        }
    }

    @Test
    void isNotKeptForOneThatTakesNothing() throws Exception {
        UnaryOperator<OpenEdge.Plan> plan =
                usual -> usual.tls(new TestKeys(folder).keys()).stalled(Duration.ofSeconds(2));
        try (OpenEdge edge = OpenEdge.start(plan);
                RawHttp2 client = new RawHttp2(edge.tlsPort())) {
            for (int i = 0; i < 10; i++) {
                edge.publish("t", "x".repeat(8_000));
            }
            client.send(
                    RawHttp2.HEADERS,
                    RawHttp2.END_STREAM | RawHttp2.END_HEADERS,
                    1,
                    RawHttp2.get("/events?topic=t&transport=poll&position=earliest"));
            client.flush();
            client.readBody(1, WINDOW);
            assertThat(client.readAnswer(1)).last().matches(frame -> frame.type() == RawHttp2.RST_STREAM);
        }
    }

    private static Runnable answer(ForwardAnswer answer) {
        answer.begin();
        for (int i = 0; i < 10; i++) {
            answer.event(Content.text(null, i + "x".repeat(8_000)));
        }
        answer.end();
        return () -> {};
    }

    private static ForwardSettings settings() {
        return new ForwardSettings(
                Set.of("GET"),
                Set.of(),
                new ForwardSettings.Times(LONG, LONG, LONG),
                new ForwardSettings.Bounds(10, 1 << 20, 1 << 20, 1 << 20, 1 << 20),
                epoch -> new MemoryLog(epoch, SystemClock::millis));
    }
}
