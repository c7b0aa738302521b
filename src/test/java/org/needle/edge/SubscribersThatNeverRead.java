package org.needle.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.needle.hub.Event;
import org.needle.hub.Slow;
import org.needle.hub.TopicSettings;

/** Memory is measured, so nothing else may run in this JVM meanwhile. */
@Isolated
class SubscribersThatNeverRead {
    private static final int SLOW = 500;
    private static final int EVENT = 64 << 10;
    private static final int EVENTS = (1 << 30) / EVENT;
    private static final int AHEAD = 8;
    private static final long BOUND = 160L << 20;
    private static final TopicSettings TOPICS = new TopicSettings(1_000, 1 << 20, Duration.ofMinutes(10), Slow.GAP);

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void costBoundedMemoryAndAreToldAndComeBack() throws Exception {
        warmUp();
        long descriptors = descriptors();
        long direct = directMemory();
        long buffers = buffers();
        try (TestEdge edge = TestEdge.start(TOPICS, TestEdge.timing(Duration.ofMinutes(5), Duration.ofMillis(1)))) {
            List<Socket> slow = new ArrayList<>();
            for (int i = 0; i < SLOW; i++) {
                slow.add(subscribe(edge, ""));
            }
            Healthy healthy = new Healthy(subscribe(edge, ""));
            await().until(() -> edge.meter("needle.subscribers") == SLOW + 1);
            long heap = heap();

            Event last = publishOneGibibyte(edge, healthy);

            assertThat(directMemory() - direct).as("direct memory").isLessThan(BOUND);
            assertThat(heap() - heap).as("heap").isLessThan(BOUND);
            healthy.assertGotAll(last);
            for (Socket socket : slow.subList(0, 20)) {
                assertToldAndGoesOn(socket, last);
            }
            assertResumes(edge, last);
            for (Socket socket : slow) {
                socket.close();
            }
            healthy.close();
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(edge.meter("needle.connections"))
                    .isZero());
            assertThat(edge.meter("needle.subscribers")).isZero();
        }
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(descriptors()).as("descriptors").isLessThanOrEqualTo(descriptors + 2);
            assertThat(buffers()).as("buffers").isLessThanOrEqualTo(buffers);
        });
    }

    /** What is opened once and stays open, as jars and native libraries are, is not a leak. */
    private static void warmUp() throws IOException {
        try (TestEdge edge = TestEdge.start(TOPICS, TestEdge.timing(Duration.ofMinutes(5), Duration.ofMillis(1)));
                Socket socket = subscribe(edge, "")) {
            assertThat(reader(socket).readLine()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    private static Event publishOneGibibyte(TestEdge edge, Healthy healthy) throws Exception {
        byte[] data = "x".repeat(EVENT).getBytes(StandardCharsets.US_ASCII);
        Event last = edge.publish("t", data);
        for (int i = 1; i < EVENTS; i++) {
            last = edge.publish("t", data);
            long wanted = (long) i - AHEAD;
            healthy.awaitReceived(wanted);
        }
        return last;
    }

    private static void assertToldAndGoesOn(Socket socket, Event last) throws IOException {
        BufferedReader in = reader(socket);
        boolean told = false;
        boolean ended = false;
        while (!ended) {
            String line = Objects.requireNonNull(in.readLine(), "the stream ended");
            told |= line.equals("event: needle-gap");
            ended = line.equals("id: " + last.position());
        }
        assertThat(told).as("told of the gap").isTrue();
    }

    private static void assertResumes(TestEdge edge, Event last) throws IOException {
        String before = last.position().epoch() + "-" + Long.toString(last.offset() - 1, 36);
        try (Socket socket = subscribe(edge, "&position=" + before)) {
            BufferedReader in = reader(socket);
            String line = in.readLine();
            while (!Objects.requireNonNull(line).equals("id: " + last.position())) {
                assertThat(line).isNotEqualTo("event: needle-gap");
                line = in.readLine();
            }
        }
    }

    private static Socket subscribe(TestEdge edge, String more) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(8 << 10);
        socket.setSoTimeout(30_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.edge.port()));
        socket.getOutputStream()
                .write(("GET /events?topic=t" + more + " HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static long directMemory() {
        return PooledByteBufAllocator.DEFAULT.metric().directArenas().stream()
                .mapToLong(PoolArenaMetric::numActiveBytes)
                .sum();
    }

    private static long buffers() {
        return PooledByteBufAllocator.DEFAULT.metric().directArenas().stream()
                .mapToLong(PoolArenaMetric::numActiveAllocations)
                .sum();
    }

    private static long descriptors() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
    }

    /** Reads all the time, and counts. */
    private static final class Healthy {
        private final Socket socket;
        private final AtomicLong received = new AtomicLong();
        private final AtomicLong gaps = new AtomicLong();
        private final CompletableFuture<Void> reading;
        private volatile String lastId = "";

        Healthy(Socket socket) {
            this.socket = socket;
            this.reading = CompletableFuture.runAsync(this::read, task -> new Thread(task, "healthy").start());
        }

        private void read() {
            try {
                BufferedReader in = reader(socket);
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    if (line.startsWith("id: ")) {
                        lastId = line.substring(4);
                    } else if (line.startsWith("data: xxx")) {
                        synchronized (this) {
                            received.incrementAndGet();
                            notifyAll();
                        }
                    } else if (line.equals("event: needle-gap")) {
                        gaps.incrementAndGet();
                    }
                }
            } catch (IOException e) {
                lastId = "closed";
            }
        }

        synchronized void awaitReceived(long wanted) throws InterruptedException {
            while (received.get() < wanted) {
                wait(10_000);
                assertThat(reading).isNotDone();
            }
        }

        void assertGotAll(Event last) {
            await().atMost(Duration.ofSeconds(10)).until(() -> received.get() == EVENTS);
            assertThat(gaps.get()).isZero();
            assertThat(lastId).isEqualTo(last.position().toString());
        }

        void close() throws IOException {
            socket.close();
            reading.join();
        }
    }
}
