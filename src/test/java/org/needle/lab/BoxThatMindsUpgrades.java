package org.needle.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BoxThatMindsUpgrades {

    @Test
    void stripUpgradeRemovesUpgradeAndConnectionAndStreamsPass() {
        try (Bench bench = new Bench("strip-upgrade")) {
            Peer client = bench.client().get("/", Bench.UPGRADE, "Sec-WebSocket-Version: 13");
            Peer server = bench.server();
            assertThat(server.head()).contains("Sec-WebSocket-Version: 13").doesNotContain("Upgrade", "Connection");
            server.send(Bench.STREAM).chunk("data: 1\n\n");
            client.head();
            client.expectChunk("data: 1\n\n");
        }
    }

    @Test
    void resetUpgradeResetsOnlyWhoAsksForAnUpgrade() {
        try (Bench bench = new Bench("reset-upgrade")) {
            Peer client = bench.client().get("/", Bench.UPGRADE);
            assertThat(client.end(10_000)).isEqualTo(Peer.End.RESET);
            assertThat(bench.isReached()).isFalse();
            bench.client().get("/");
            assertThat(bench.server().head()).startsWith("GET / ");
        }
    }

    @Test
    void dropUpgradeAnswersNothingAndTellsNobody() {
        try (Bench bench = new Bench("drop-upgrade")) {
            Peer client = bench.client().get("/", Bench.UPGRADE);
            assertThat(client.isQuiet(2_000)).isTrue();
            client.get("/again");
            assertThat(client.isQuiet(500)).isTrue();
            assertThat(bench.isReached()).isFalse();
            bench.client().get("/");
            assertThat(bench.server().head()).startsWith("GET / ");
        }
    }

    /** When the connections of a lab of that seed die, in ms after the 101. */
    private static List<Long> deaths(long seed) {
        List<Long> deaths = new ArrayList<>();
        try (Bench bench = new Bench(Profile.named("kill-after-101"), options -> options.seed(seed))) {
            for (int i = 0; i < 4; i++) {
                Peer client = bench.client().get("/", Bench.UPGRADE);
                Peer server = bench.server();
                server.head();
                server.send(Bench.SWITCH);
                client.head();
                long open = System.nanoTime();
                server.send("frame");
                client.expect("frame");
                assertThat(client.end(10_000)).isEqualTo(Peer.End.FIN);
                deaths.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - open));
                assertThat(server.end(10_000)).isEqualTo(Peer.End.FIN);
            }
        }
        return deaths;
    }

    @Test
    void killAfter101ClosesSoonAfterIt() {
        assertThat(deaths(1)).allMatch(ms -> ms >= 90 && ms < 3_000);
    }

    @Test
    void theSameSeedDrawsTheSame() {
        List<Long> once = new ArrayList<>();
        List<Long> again = new ArrayList<>();
        List<Long> other = new ArrayList<>();
        for (long number = 1; number <= 20; number++) {
            once.add(chance(7, number));
            again.add(chance(7, number));
            other.add(chance(8, number));
        }
        assertThat(again).isEqualTo(once);
        assertThat(other).isNotEqualTo(once);
        assertThat(once).doesNotHaveDuplicates();
    }

    private static long chance(long seed, long number) {
        LabOptions options = LabOptions.plain().seed(seed);
        return new Network(Profile.named("clear"), options.listen(), options, null)
                .chance(number)
                .nextLong();
    }

    @Test
    void swallowPassesHeadsOfStreamsAndThenNothing() {
        try (Bench bench = new Bench("swallow")) {
            Peer client = bench.client().get("/");
            Peer server = bench.server();
            server.head();
            server.send(Bench.STREAM).chunk("data: 1\n\n").send("0\r\n\r\n").close();
            assertThat(client.head()).startsWith("HTTP/1.1 200");
            assertThat(client.isQuiet(1_500)).isTrue();
        }
    }

    @Test
    void swallowPassesThe101AndThenNothingInEitherDirection() {
        try (Bench bench = new Bench("swallow")) {
            Peer client = bench.client().get("/", Bench.UPGRADE);
            Peer server = bench.server();
            server.head();
            server.send(Bench.SWITCH + "together with it");
            assertThat(client.head()).isEqualTo(Bench.SWITCH);
            server.send("frame");
            client.send("answer");
            assertThat(client.isQuiet(700)).isTrue();
            assertThat(server.isQuiet(700)).isTrue();
        }
    }

    @Test
    void swallowPassesBodiesOfAKnownLength() {
        try (Bench bench = new Bench("swallow")) {
            Peer client = bench.client().get("/");
            Peer server = bench.server();
            server.head();
            server.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
            client.head();
            client.expect("hi").get("/again");
            assertThat(server.head()).startsWith("GET /again");
        }
    }
}
