package org.needle.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.needle.cli.Ports;

@Execution(ExecutionMode.CONCURRENT)
class NetworkThatChanges {
    private static final Duration SOON = Duration.ofSeconds(30);

    /** A whole request on a connection of its own; the server says hi if it is reached. */
    private static String ask(Bench bench, String path) {
        Peer client = bench.client().get(path, "Connection: close");
        String head = client.head();
        return head + client.rest();
    }

    private static void serve(Bench bench) {
        Thread server = new Thread(() -> {
            while (true) {
                Peer peer = bench.server();
                peer.head();
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
            }
        });
        server.setUncaughtExceptionHandler((thread, e) -> {});
        server.setDaemon(true);
        server.start();
    }

    private static long since(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    @Test
    void captivePortalRedirectsEverythingForTenSeconds() {
        long start = System.nanoTime();
        try (Bench bench = new Bench("captive-portal")) {
            serve(bench);
            assertThat(ask(bench, "/info")).startsWith("HTTP/1.1 302 ").contains("Location: /captive-portal");
            assertThat(ask(bench, "/captive-portal"))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("text/html", "terms");
            assertThat(bench.client().get("/", Bench.UPGRADE).head()).startsWith("HTTP/1.1 302 ");
            await().atMost(SOON).pollInterval(Duration.ofMillis(200)).until(() -> ask(bench, "/")
                    .endsWith("hi"));
            assertThat(since(start)).isBetween(10_000L, 14_000L);
        }
    }

    @Test
    void blip502LastsFiveSecondsFromEachChange() {
        try (Bench bench = new Bench("clear")) {
            serve(bench);
            assertThat(ask(bench, "/")).endsWith("hi");
            for (int i = 0; i < 2; i++) {
                long start = System.nanoTime();
                bench.lab().change(Profile.named("blip-502"));
                assertThat(ask(bench, "/")).startsWith("HTTP/1.1 502 ");
                await().atMost(SOON).pollInterval(Duration.ofMillis(200)).until(() -> ask(bench, "/")
                        .endsWith("hi"));
                assertThat(since(start)).isBetween(5_000L, 9_000L);
            }
        }
    }

    @Test
    void tunnelPassesNothingForFourSecondsAndThenAll() {
        long start = System.nanoTime();
        try (Bench bench = new Bench("tunnel")) {
            Peer client = bench.client().get("/");
            assertThat(client.isQuiet(2_500)).isTrue();
            assertThat(bench.isReached()).isFalse();
            Peer server = bench.server();
            assertThat(since(start)).isBetween(3_900L, 8_000L);
            server.head();
            server.send(Bench.STREAM).chunk("x");
            client.head();
            client.expectChunk("x");
        }
    }

    @Test
    void tunnelComesAgainAndWhatIsUnderWayArrivesAfterwards() {
        Dark dark = new Dark(List.of(new Dark.Period(0, 500), new Dark.Period(4_000, 8_000)));
        try (Bench bench = new Bench(Profile.of("short", "tunnel, but short", dark), options -> options)) {
            long start = System.nanoTime();
            Peer client = bench.client().get("/");
            Peer server = bench.server();
            server.head();
            server.send(Bench.STREAM).chunk("light");
            client.head();
            client.expectChunk("light");
            assertThat(client.isQuiet((int) Math.max(1, 4_300 - since(start)))).isTrue();
            server.chunk("1").chunk("2").close();
            assertThat(client.isQuiet(700)).isTrue();
            client.expectChunk("1").expectChunk("2");
            assertThat(since(start)).isGreaterThan(7_000);
            assertThat(client.end(5_000)).isEqualTo(Peer.End.FIN);
        }
    }

    private static void changed(Lab.Old old, Peer.End client, Peer.End server) {
        try (Bench bench = new Bench("clear")) {
            Peer there = bench.client().get("/");
            Peer here = bench.server();
            here.head();
            here.send(Bench.STREAM);
            there.head();
            bench.lab().change(Profile.named("strip-upgrade"), old);
            assertThat(there.end(client == Peer.End.NONE ? 700 : 10_000)).isEqualTo(client);
            assertThat(here.end(server == Peer.End.NONE ? 700 : 10_000)).isEqualTo(server);
            here.chunk("x");
            if (old == Lab.Old.STAY) {
                there.expectChunk("x");
            } else if (old == Lab.Old.STRANDED) {
                assertThat(there.isQuiet(700)).isTrue();
            }
            bench.client().get("/", Bench.UPGRADE);
            assertThat(bench.server().head()).doesNotContain("Upgrade");
        }
    }

    @Test
    void aLostConnectionIsResetForTheClientAndTheServerHearsNothing() {
        changed(Lab.Old.LOST, Peer.End.RESET, Peer.End.NONE);
    }

    @Test
    void aStrandedConnectionIsSilentForBoth() {
        changed(Lab.Old.STRANDED, Peer.End.NONE, Peer.End.NONE);
    }

    @Test
    void aConnectionThatStaysPassesOn() {
        changed(Lab.Old.STAY, Peer.End.NONE, Peer.End.NONE);
    }

    @Test
    void aConnectionThatStaysIsUnderTheNewProfileAndGetsWhatTheOldOneHeld() {
        try (Bench bench = new Bench("late-by-one")) {
            Peer client = bench.client().get("/");
            Peer server = bench.server();
            server.head();
            server.send(Bench.STREAM).chunk("1");
            client.head();
            assertThat(client.isQuiet(500)).isTrue();
            bench.lab().change(Profile.named("buffer-response"), Lab.Old.STAY);
            client.expectChunk("1");
            server.chunk("2");
            assertThat(client.isQuiet(500)).isTrue();
            bench.lab().change(Profile.named("swallow"), Lab.Old.STAY);
            client.expectChunk("2");
            server.chunk("3");
            assertThat(client.isQuiet(500)).isTrue();
            bench.lab().change(Profile.named("clear"), Lab.Old.STAY);
            assertThat(client.end(10_000))
                    .as("nothing can go on behind what was swallowed")
                    .isEqualTo(Peer.End.RESET);
            assertThat(server.end(10_000)).isEqualTo(Peer.End.RESET);
        }
    }

    @Test
    void aThousandChangesLeaveNothingOpen() {
        try (Bench bench = new Bench("clear")) {
            Random random = new Random(4);
            List<String> names = Profile.names();
            List<Lab.Old> olds = List.of(Lab.Old.values());
            for (int i = 0; i < 1_000; i++) {
                Peer client = bench.client().get("/", i % 3 == 0 ? Bench.UPGRADE : "X: y");
                Lab.Old old = olds.get(random.nextInt(olds.size()));
                bench.lab().change(Profile.named(names.get(random.nextInt(names.size()))), old);
                client.close();
            }
            bench.lab().change(Profile.named("clear"), Lab.Old.STAY);
            await().atMost(SOON).until(() -> {
                while (bench.isReached()) {
                    bench.server().close();
                }
                return bench.lab().open() == 0;
            });
        }
    }

    @Test
    void eachLabIsANetworkOfItsOwn() {
        try (Bench bench = new Bench(Profile.named("clear"), options -> options.from("127.77.3.1"))) {
            bench.client().get("/");
            assertThat(bench.server().address()).isEqualTo("127.77.3.1");
        }
    }

    @Test
    void aServerThatIsNotThereResets() throws Exception {
        InetSocketAddress gone = new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free());
        try (Lab lab = Lab.open(Profile.named("clear"), gone, LabOptions.plain())) {
            assertThat(Peer.to(lab.port()).get("/").end(10_000)).isEqualTo(Peer.End.RESET);
        }
    }
}
