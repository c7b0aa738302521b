package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.needle.edge.Transport;
import org.needle.hub.SystemClock;

/** Cheap frames in masses (RFC 9113, 10.5): the connection ends, or the stream, and nobody else notices. */
class ClientThatFloodsHttp2 {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private OpenEdge edge;
    private Subscriber healthy;

    @BeforeEach
    void start() {
        edge = OpenEdge.start(plan -> plan.tls(new TestKeys(folder).keys()));
        healthy = Subscriber.open(Transport.SSE, Ask.of(edge.port(), "t"));
        healthy.hello();
    }

    /** Whoever was there before has every event, and nothing is left of the other. */
    @AfterEach
    void nobodyElseNotices() {
        for (int i = 0; i < 10; i++) {
            edge.publish("t", Integer.toString(i));
        }
        healthy.awaitEvents(10);
        await().atMost(LONG).until(() -> edge.meter("needle.connections") == 1);
        await().atMost(LONG).until(() -> edge.meter("needle.subscribers") == 1);
        healthy.close();
        edge.close();
    }

    @Test
    void byOpeningAndResettingStreams() throws Exception {
        try (RawHttp2 flood = new RawHttp2(edge.tlsPort())) {
            for (int i = 0; i < 2_000; i++) {
                flood.send(
                        RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, 2 * i + 1, RawHttp2.get("/info"));
                flood.send(RawHttp2.RST_STREAM, 0, 2 * i + 1, (byte) 0, (byte) 0, (byte) 0, (byte) 8);
            }
            flood.flush();
            flood.isToldToCalmDown();
        } catch (IOException e) {
            // the connection went while it was still sending: as good an end
        }
    }

    /** Pings, and settings without any setting, which are acknowledged. */
    @ParameterizedTest
    @CsvSource({RawHttp2.PING + ",8", RawHttp2.SETTINGS + ",0"})
    void byFramesWhoseAnswersItDoesNotRead(int type, int length) throws Exception {
        boolean ended = false;
        long enough = SystemClock.nanos() + 2 * LONG.toNanos();
        try (RawHttp2 flood = new RawHttp2(edge.tlsPort())) {
            while (SystemClock.nanos() < enough) {
                flood.send(type, 0, 0, new byte[length]);
            }
        } catch (IOException e) {
            ended = true;
        }
        assertThat(ended).isTrue();
    }

    @Test
    void byHeadersWithoutEnd() throws Exception {
        byte[] field = new byte[200];
        field[1] = 1;
        field[2] = 'a';
        field[3] = 127;
        field[4] = 70 - 1; // 127 + 69 = 196 - 1 bytes of value
        boolean ended = false;
        try (RawHttp2 flood = new RawHttp2(edge.tlsPort())) {
            flood.send(RawHttp2.HEADERS, RawHttp2.END_STREAM, 1, RawHttp2.get("/info"));
            for (int i = 0; i < 100_000; i++) {
                flood.send(RawHttp2.CONTINUATION, 0, 1, field);
            }
            flood.flush();
        } catch (IOException e) {
            ended = true;
        }
        assertThat(ended).isTrue();
    }

    @Test
    void byEmptyFramesOfABody() throws Exception {
        byte[] post = RawHttp2.get("/events?topic=t");
        post[0] = (byte) 0x83;
        try (RawHttp2 flood = new RawHttp2(edge.tlsPort())) {
            flood.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, post);
            for (int i = 0; i < 1_000; i++) {
                flood.send(RawHttp2.DATA, 0, 1);
            }
            flood.flush();
            flood.isToldToCalmDown();
        } catch (IOException e) {
            // the connection went while it was still sending: as good an end
        }
    }

    @Test
    void byMoreStreamsThanItMayOpen() throws Exception {
        try (RawHttp2 flood = new RawHttp2(edge.tlsPort())) {
            for (int i = 0; i < 300; i++) {
                flood.send(
                        RawHttp2.HEADERS,
                        RawHttp2.END_STREAM | RawHttp2.END_HEADERS,
                        2 * i + 1,
                        RawHttp2.get("/events?topic=none"));
            }
            flood.flush();
            List<RawHttp2.Received> all = flood.read(RawHttp2.RST_STREAM, RawHttp2.REFUSED_STREAM);
            RawHttp2.Received last = all.get(all.size() - 1);
            assertThat(last.type()).isEqualTo(RawHttp2.RST_STREAM);
            assertThat(last.stream()).isEqualTo(2 * 256 + 1);
            Set<Integer> answered = new HashSet<>();
            all.stream()
                    .filter(frame -> frame.type() == RawHttp2.HEADERS)
                    .forEach(frame -> answered.add(frame.stream()));
            assertThat(answered).doesNotContain(last.stream());
        }
    }
}
