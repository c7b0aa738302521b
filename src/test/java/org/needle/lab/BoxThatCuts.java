package org.needle.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class BoxThatCuts {
    private static final int PATIENCE = 15_000;

    /** A client and a server with a stream between them. */
    private record Pair(Peer client, Peer server, long since) {
        static Pair open(Bench bench) {
            long since = System.nanoTime();
            Peer client = bench.client().get("/");
            Peer server = bench.server();
            server.head();
            server.send(Bench.STREAM);
            client.head();
            return new Pair(client, server, since);
        }

        void passes() {
            server.chunk("x");
            client.expectChunk("x");
        }

        /** Bytes may still be written, and arrive nowhere. */
        void isDead() {
            server.chunk("x");
            assertThat(client.isQuiet(700)).isTrue();
            client.send("x");
            assertThat(server.isQuiet(700)).isTrue();
        }

        long age() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
        }
    }

    @Test
    void idleCut4sClosesAfterSilenceOnly() {
        try (Bench bench = new Bench("idle-cut-4s")) {
            Pair pair = Pair.open(bench);
            for (int i = 0; i < 3; i++) {
                assertThat(pair.server().isQuiet(1_500)).isTrue();
                pair.passes();
            }
            long last = System.nanoTime();
            assertThat(pair.client().end(PATIENCE)).isEqualTo(Peer.End.FIN);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - last)).isBetween(3_900L, 8_000L);
            assertThat(pair.server().end(PATIENCE)).isEqualTo(Peer.End.FIN);
        }
    }

    private static void livesForFiveSeconds(String profile, Peer.End client, Peer.End server) {
        try (Bench bench = new Bench(profile)) {
            Pair pair = Pair.open(bench);
            assertThat(pair.client().isQuiet(4_000)).isTrue();
            pair.passes();
            if (client == Peer.End.NONE && server == Peer.End.NONE) {
                assertThat(pair.client().isQuiet(1_500)).isTrue();
                pair.isDead();
            } else if (client == Peer.End.NONE) {
                assertThat(pair.server().end(PATIENCE)).isEqualTo(server);
                assertThat(pair.client().isQuiet(1_500)).isTrue();
            } else {
                assertThat(pair.client().end(PATIENCE)).isEqualTo(client);
                assertThat(pair.server().end(server == Peer.End.NONE ? 1_500 : PATIENCE))
                        .isEqualTo(server);
            }
            assertThat(pair.age()).isBetween(4_900L, 12_000L);
        }
    }

    @Test
    void maxLife5sEndsInGoodOrder() {
        livesForFiveSeconds("max-life-5s", Peer.End.FIN, Peer.End.FIN);
    }

    @Test
    void maxLife5sRstReachesTheClientOnly() {
        livesForFiveSeconds("max-life-5s-rst", Peer.End.RESET, Peer.End.NONE);
    }

    @Test
    void maxLife5sRstServerReachesTheServerOnly() {
        livesForFiveSeconds("max-life-5s-rst-server", Peer.End.NONE, Peer.End.RESET);
    }

    @Test
    void maxLife5sSilentTellsNobody() {
        livesForFiveSeconds("max-life-5s-silent", Peer.End.NONE, Peer.End.NONE);
    }

    @Test
    void maxLifeCountsFromTheConnectionAndNotFromTheRequest() {
        try (Bench bench = new Bench("max-life-5s")) {
            Peer client = bench.client();
            assertThat(client.isQuiet(2_500)).isTrue();
            client.get("/");
            bench.server().head();
            long asked = System.nanoTime();
            assertThat(client.end(PATIENCE)).isEqualTo(Peer.End.FIN);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked)).isBetween(1_000L, 4_500L);
        }
    }

    @Test
    void halfOpenForgetsWhatIsOpenAndPassesWhatComesAfter() {
        try (Bench bench = new Bench("half-open")) {
            Pair before = Pair.open(bench);
            assertThat(before.client().isQuiet(3_500)).isTrue();
            before.passes();
            assertThat(before.client().isQuiet(2_500)).isTrue();
            before.isDead();
            Pair after = Pair.open(bench);
            assertThat(after.client().isQuiet(6_000)).isTrue();
            after.passes();
        }
    }

    @Test
    void halfOpenComesAgain() {
        Profile profile = Profile.of("often", "half-open, but often", new HalfOpen(1_000, 1_500));
        try (Bench bench = new Bench(profile, options -> options)) {
            for (int i = 0; i < 2; i++) {
                Pair pair = Pair.open(bench);
                assertThat(pair.client().isQuiet(1_600)).isTrue();
                pair.isDead();
            }
        }
    }
}
