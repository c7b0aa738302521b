package org.needle.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.needle.hub.Slow;
import org.needle.hub.TopicSettings;

/**
 * Whatever others do to the port, a subscriber gets every event, hardly later than before, and nothing stays behind. How much
 * later goes to {@code target/latency-under-attack.txt}. Memory is measured: alone.
 */
@Isolated
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PortUnderAttack {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final TopicSettings TOPICS = new TopicSettings(100_000, 64 << 20, Duration.ofMinutes(10), Slow.GAP);
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final EdgeSettings.Timing TIMING = new EdgeSettings.Timing(
            Duration.ofSeconds(15),
            SOON,
            SOON,
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1),
            SOON,
            Duration.ofMillis(1),
            Duration.ofSeconds(10),
            Duration.ofMinutes(10));
    private static final byte[] EVENT = "x".repeat(100).getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LARGE = "x".repeat(32 << 10).getBytes(StandardCharsets.US_ASCII);
    private static final String SUBSCRIBE =
            "GET /events?topic=%s HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n";

    /** Generous, because tests run on any machine: the figures are in the file. */
    private static final long TOO_LATE_MICROS = 1_000_000;

    /** What is opened once and stays open, as jars are, is not a leak. */
    private static final int JARS = 5;

    private static final Path FIGURES = Path.of("target", "latency-under-attack.txt");

    /** One attack, while the healthy one goes on; returns when the server has got rid of it, or the attacker has left. */
    private interface Attack {
        void run(TestEdge edge, Healthy healthy) throws Exception;
    }

    @Test
    void byHeadsThatComeByteByByteIsSurvived() throws Exception {
        survives("heads byte by byte", (edge, healthy) -> drip(edge, healthy, "GET /info HTTP/1.1\r\nA: "));
    }

    @Test
    void byBodiesThatComeByteByByteIsSurvived() throws Exception {
        survives(
                "bodies byte by byte",
                (edge, healthy) -> drip(
                        edge, healthy, "POST /events?topic=t HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"));
    }

    @Test
    void bySubscribersThatDoNotReadIsSurvived() throws Exception {
        survives("subscribers that do not read", (edge, healthy) -> {
            List<Socket> slow = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                slow.add(open(edge, SUBSCRIBE.formatted("large")));
            }
            await().atMost(BOUND).until(() -> edge.meter("needle.subscribers") == 101);
            long end = System.nanoTime() + BOUND.toNanos();
            while (edge.meter("needle.subscribers") > 1 && System.nanoTime() < end) {
                edge.publish("large", LARGE);
                healthy.awaitNext();
            }
            assertThat(edge.meter("needle.subscribers"))
                    .as("those that stall are sent away")
                    .isEqualTo(1);
            close(slow);
        });
    }

    @Test
    void byThousandsWhoConnectAndAbortIsSurvived() throws Exception {
        survives("10,000 connect and abort", (edge, healthy) -> {
            String[] begun = {
                "", "GET /ev", SUBSCRIBE.formatted("t"), "POST /events?topic=t HTTP/1.1\r\nHost: x\r\nContent-"
            };
            for (int i = 0; i < 10_000; i++) {
                try (Socket socket = open(edge, begun[i % begun.length])) {
                    socket.setSoLinger(true, 0);
                }
            }
        });
    }

    private static void survives(String name, Attack attack) throws Exception {
        long buffers = buffers();
        try (TestEdge edge = TestEdge.start(TOPICS, TIMING);
                Healthy healthy = new Healthy(open(edge, SUBSCRIBE.formatted("t")))) {
            healthy.awaitHello();
            healthy.receive(edge, 500); // warms up
            long[] before = healthy.receive(edge, 500);
            long descriptors = descriptors();
            long[] during = whileAttacked(attack, edge, healthy);
            healthy.receive(edge, 1);
            await().atMost(BOUND).untilAsserted(() -> {
                assertThat(edge.meter("needle.connections")).as("connections").isEqualTo(1);
                assertThat(edge.meter("needle.subscribers")).as("subscribers").isEqualTo(1);
                assertThat(edge.meter("needle.sessions")).as("sessions").isEqualTo(1);
                assertThat(descriptors()).as("descriptors").isLessThanOrEqualTo(descriptors + JARS);
            });
            tell(name, before, during);
        }
        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(buffers()).as("buffers").isLessThanOrEqualTo(buffers));
    }

    /** What the healthy one measures from the attack's begin to its end, in µs. */
    private static long[] whileAttacked(Attack attack, TestEdge edge, Healthy healthy) throws Exception {
        FutureTask<Void> attacker = new FutureTask<>(() -> {
            attack.run(edge, healthy);
            return null;
        });
        new Thread(attacker, "attacker").start();
        List<long[]> all = new ArrayList<>();
        while (!attacker.isDone()) {
            all.add(healthy.receive(edge, 1));
        }
        attacker.get();
        return all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    }

    private static void tell(String name, long[] before, long[] during) throws IOException {
        String figures = String.format(
                Locale.ROOT,
                "%-30s before p50 %6d µs p99 %6d µs   during p50 %6d µs p99 %6d µs (%d events)%n",
                name,
                part(before, 50),
                part(before, 99),
                part(during, 50),
                part(during, 99),
                during.length);
        Files.writeString(FIGURES, figures, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        assertThat(part(during, 50)).as(figures).isLessThan(TOO_LATE_MICROS);
    }

    private static long part(long[] sorted, int percent) {
        return sorted[(sorted.length - 1) * percent / 100];
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    /** Each of the connections sends another byte whenever the healthy one has received another event. */
    private static void drip(TestEdge edge, Healthy healthy, String start) throws Exception {
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            slow.add(open(edge, start));
        }
        await().atMost(BOUND).until(() -> edge.meter("needle.connections") == 201);
        long end = System.nanoTime() + BOUND.toNanos();
        while (edge.meter("needle.connections") > 1 && System.nanoTime() < end) {
            slow.removeIf(PortUnderAttack::isOver);
            healthy.awaitNext();
        }
        assertThat(edge.meter("needle.connections"))
                .as("those that are slow are sent away")
                .isEqualTo(1);
        close(slow);
    }

    /** Sends a byte; a connection that takes none any more is closed here too. */
    private static boolean isOver(Socket socket) {
        try {
            socket.getOutputStream().write('a');
            return false;
        } catch (IOException e) {
            return closed(socket);
        }
    }

    private static boolean closed(Socket socket) {
        try {
            socket.close();
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private static Socket open(TestEdge edge, String bytes) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(8 << 10);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.edge.port()));
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static long buffers() {
        return PooledByteBufAllocator.DEFAULT.metric().directArenas().stream()
                .mapToLong(PoolArenaMetric::numActiveAllocations)
                .sum();
    }

    /** A subscriber of topic {@code t} that reads all the time. */
    private static final class Healthy implements AutoCloseable {
        private final Socket socket;
        private final BlockingQueue<Long> arrivals = new LinkedBlockingQueue<>();
        private final AtomicInteger received = new AtomicInteger();
        private final CountDownLatch greeted = new CountDownLatch(1);
        private final CompletableFuture<Void> reading;

        Healthy(Socket socket) {
            this.socket = socket;
            this.reading = CompletableFuture.runAsync(this::read, task -> new Thread(task, "healthy").start());
        }

        private void read() {
            try {
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    if (line.startsWith("event: needle-hello")) {
                        greeted.countDown();
                    }
                    if (line.startsWith("data: xxx")) {
                        arrivals.add(System.nanoTime());
                        received.incrementAndGet();
                    }
                }
            } catch (IOException e) {
                // closed
            }
        }

        /** From here on it gets every event: one that is counted as a subscriber may still be on its way in. */
        void awaitHello() throws InterruptedException {
            assertThat(greeted.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }

        /** So many events are published and received, one after the other; how long each took in µs, sorted. */
        long[] receive(TestEdge edge, int events) throws InterruptedException {
            long[] micros = new long[events];
            for (int i = 0; i < events; i++) {
                long published = System.nanoTime();
                edge.publish("t", EVENT);
                Long arrived = arrivals.poll(BOUND.toSeconds(), TimeUnit.SECONDS);
                assertThat(arrived).as("the event came").isNotNull();
                micros[i] = (arrived - published) / 1_000;
            }
            Arrays.sort(micros);
            return micros;
        }

        /** One more event has been received. */
        void awaitNext() {
            int before = received.get();
            await().pollInterval(Duration.ofMillis(2)).atMost(BOUND).until(() -> received.get() > before);
        }

        @Override
        public void close() throws IOException {
            socket.close();
            reading.join();
        }
    }
}
