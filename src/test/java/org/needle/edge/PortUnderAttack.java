package org.needle.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.needle.hub.Slow;
import org.needle.hub.TopicSettings;

/** Whatever others do to the port, a subscriber gets every event, and nothing stays behind. Memory is measured: alone. */
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

    /** One attack; returns when the server has got rid of it, or the attacker has left. */
    private interface Attack {
        void run(TestEdge edge, Healthy healthy) throws Exception;
    }

    @Test
    void byHeadsThatComeByteByByteIsSurvived() throws Exception {
        survives((edge, healthy) -> drip(edge, healthy, "GET /info HTTP/1.1\r\nA: "));
    }

    @Test
    void byBodiesThatComeByteByByteIsSurvived() throws Exception {
        survives((edge, healthy) ->
                drip(edge, healthy, "POST /events?topic=t HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"));
    }

    @Test
    void bySubscribersThatDoNotReadIsSurvived() throws Exception {
        survives((edge, healthy) -> {
            List<Socket> slow = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                slow.add(open(edge, SUBSCRIBE.formatted("large")));
            }
            await().atMost(BOUND).until(() -> edge.meter("needle.subscribers") == 101);
            long end = System.nanoTime() + BOUND.toNanos();
            while (edge.meter("needle.subscribers") > 1 && System.nanoTime() < end) {
                edge.publish("large", LARGE);
                healthy.receives(edge);
            }
            assertThat(edge.meter("needle.subscribers"))
                    .as("those that stall are sent away")
                    .isEqualTo(1);
            close(slow);
        });
    }

    @Test
    void byThousandsWhoConnectAndAbortIsSurvived() throws Exception {
        survives((edge, healthy) -> {
            String[] begun = {
                "", "GET /ev", SUBSCRIBE.formatted("t"), "POST /events?topic=t HTTP/1.1\r\nHost: x\r\nContent-"
            };
            for (int i = 0; i < 10_000; i++) {
                try (Socket socket = open(edge, begun[i % begun.length])) {
                    socket.setSoLinger(true, 0);
                }
                if (i % 100 == 0) {
                    healthy.receives(edge);
                }
            }
        });
    }

    private static void survives(Attack attack) throws Exception {
        long buffers = buffers();
        try (TestEdge edge = TestEdge.start(TOPICS, TIMING);
                Healthy healthy = new Healthy(open(edge, SUBSCRIBE.formatted("t")))) {
            await().atMost(BOUND).until(() -> edge.meter("needle.subscribers") == 1);
            healthy.receives(edge);
            attack.run(edge, healthy);
            healthy.receives(edge);
            await().atMost(BOUND).untilAsserted(() -> {
                assertThat(edge.meter("needle.connections")).as("connections").isEqualTo(1);
                assertThat(edge.meter("needle.subscribers")).as("subscribers").isEqualTo(1);
                assertThat(edge.meter("needle.sessions")).as("sessions").isEqualTo(1);
            });
        }
        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(buffers()).as("buffers").isLessThanOrEqualTo(buffers));
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
            slow.removeIf(socket -> !sends(socket));
            healthy.receives(edge);
        }
        assertThat(edge.meter("needle.connections"))
                .as("those that are slow are sent away")
                .isEqualTo(1);
        close(slow);
    }

    private static boolean sends(Socket socket) {
        try {
            socket.getOutputStream().write('a');
            return true;
        } catch (IOException e) {
            return false;
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
        private final AtomicInteger received = new AtomicInteger();
        private final CompletableFuture<Void> reading;
        private int published;

        Healthy(Socket socket) {
            this.socket = socket;
            this.reading = CompletableFuture.runAsync(this::read, task -> new Thread(task, "healthy").start());
        }

        private void read() {
            try {
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    if (line.startsWith("data: xxx")) {
                        received.incrementAndGet();
                    }
                }
            } catch (IOException e) {
                // closed
            }
        }

        /** One more event is published and received. */
        void receives(TestEdge edge) {
            edge.publish("t", EVENT);
            published++;
            await().pollInterval(Duration.ofMillis(2)).atMost(BOUND).until(() -> received.get() == published);
        }

        @Override
        public void close() throws IOException {
            socket.close();
            reading.join();
        }
    }
}
