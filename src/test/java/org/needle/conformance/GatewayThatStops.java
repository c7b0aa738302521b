package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.needle.edge.Transport;

/** The process is told to stop while it has work and subscribers; each test looks at one side of that. */
class GatewayThatStops {
    private static final List<Transport> STREAMING = List.of(Transport.SSE, Transport.WEBSOCKET, Transport.STREAM);
    private static final List<String> FILES =
            IntStream.range(0, 60).mapToObj(i -> "file " + i).toList();
    private static final List<String> MESSAGES =
            IntStream.range(0, 60).mapToObj(i -> "message " + i).toList();

    @TempDir
    private static Path home;

    private static final List<Subscriber> SUBSCRIBERS = new ArrayList<>();
    private static int status;
    private static String output;

    @BeforeAll
    @Timeout(120)
    static void stopInTheMiddle() {
        RunningGateway.prepare(home);
        try (RunningGateway gateway = RunningGateway.start(home, "queue.dir=queue")) {
            Ask ask = Ask.of(gateway.port(), "work");
            for (int i = 0; i < 42; i++) {
                SUBSCRIBERS.add(Subscriber.open(STREAMING.get(i % STREAMING.size()), ask));
            }
            SUBSCRIBERS.forEach(Subscriber::hello);
            for (int i = 0; i < FILES.size(); i++) {
                gateway.drop("work/" + i + ".txt", FILES.get(i));
            }
            gateway.send("work", MESSAGES);
            SUBSCRIBERS.forEach(subscriber -> subscriber.awaitEvents(1));
            gateway.askToStop();
            SUBSCRIBERS.forEach(Subscriber::awaitEnd);
            status = gateway.awaitEnd();
            output = gateway.output();
        }
    }

    @AfterAll
    static void leave() {
        SUBSCRIBERS.forEach(Subscriber::close);
    }

    @Test
    void saysByeToEverybodyAndToEachAnotherTimeToComeBack() {
        List<Long> delays = new ArrayList<>();
        for (Subscriber subscriber : SUBSCRIBERS) {
            List<Frame> frames = subscriber.frames();
            Frame last = frames.get(frames.size() - 1);
            assertThat(last.control()).as(subscriber.toString()).isEqualTo("bye");
            delays.add(last.json().path("retryAfter").asLong());
            if (subscriber instanceof WebSocketSubscriber socket) {
                assertThat(socket.closeStatus()).isIn(1012, 1001);
            }
        }
        assertThat(delays).allMatch(delay -> delay > 0);
        assertThat(delays.stream().distinct().count()).as("spread: %s", delays).isGreaterThan(20);
    }

    @Test
    void endsByItselfWithoutComplaint() {
        assertThat(status).as(output).isIn(0, 143);
        assertThat(output).doesNotContain("Exception").doesNotContain(" ERROR ");
    }

    @Test
    @Timeout(120)
    void hasFinishedOrPutBackFilesAndMessages() {
        Set<String> published = new HashSet<>(SUBSCRIBERS.get(0).data());
        try (RunningGateway gateway = RunningGateway.start(home, "queue.dir=queue");
                Subscriber after = Subscriber.open(
                        Transport.STREAM, Ask.of(gateway.port(), "work").from("earliest"))) {
            Subscriber.soon().untilAsserted(() -> {
                Set<String> all = new HashSet<>(published);
                all.addAll(after.data());
                assertThat(all).containsAll(FILES).containsAll(MESSAGES);
            });
        }
    }
}
