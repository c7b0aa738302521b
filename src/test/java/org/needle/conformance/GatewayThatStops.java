package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.needle.edge.Transport;

/** The process is told to stop while it has work and subscribers. */
class GatewayThatStops {
    private static final List<Transport> STREAMING = List.of(Transport.SSE, Transport.WEBSOCKET, Transport.STREAM);

    @TempDir
    private Path home;

    @Test
    void saysByeToEverybodyAndEnds() {
        RunningGateway.prepare(home);
        List<Subscriber> all = new ArrayList<>();
        try (RunningGateway gateway = RunningGateway.start(home)) {
            Ask ask = Ask.of(gateway.port(), "stop").with("wait=30");
            for (int i = 0; i < 40; i++) {
                Subscriber subscriber = Subscriber.open(STREAMING.get(i % STREAMING.size()), ask);
                subscriber.hello();
                all.add(subscriber);
            }
            gateway.post("stop", "last");
            all.forEach(subscriber -> subscriber.awaitEvents(1));
            gateway.askToStop();
            List<Long> delays = new ArrayList<>();
            for (Subscriber subscriber : all) {
                delays.add(
                        subscriber.awaitControl("bye").json().path("retryAfter").asLong());
                subscriber.awaitEnd();
                if (subscriber instanceof WebSocketSubscriber socket) {
                    assertThat(socket.closeStatus()).isIn(1012, 1001);
                }
            }
            assertThat(delays).allMatch(delay -> delay > 0);
            assertThat(delays.stream().distinct().count())
                    .as("spread: %s", delays)
                    .isGreaterThan(20);
            assertThat(gateway.awaitEnd()).as(gateway.output()).isIn(0, 143);
            assertThat(gateway.output()).doesNotContain("Exception");
        } finally {
            all.forEach(Subscriber::close);
        }
    }

    @Test
    void finishesOrPutsBackFilesAndMessages() {
        RunningGateway.prepare(home);
        List<String> files = IntStream.range(0, 60).mapToObj(i -> "file " + i).toList();
        List<String> messages =
                IntStream.range(0, 60).mapToObj(i -> "message " + i).toList();
        Set<String> published = new HashSet<>();
        try (RunningGateway gateway = RunningGateway.start(home, "queue.dir=queue")) {
            Subscriber before = Subscriber.open(Transport.STREAM, Ask.of(gateway.port(), "work"));
            before.hello();
            for (int i = 0; i < files.size(); i++) {
                gateway.drop("work/" + i + ".txt", files.get(i));
            }
            gateway.send("work", messages);
            before.awaitEvents(1);
            gateway.askToStop();
            before.awaitEnd();
            published.addAll(before.data());
            assertThat(gateway.awaitEnd()).as(gateway.output()).isIn(0, 143);
        }
        try (RunningGateway gateway = RunningGateway.start(home, "queue.dir=queue");
                Subscriber after = Subscriber.open(
                        Transport.STREAM, Ask.of(gateway.port(), "work").from("earliest"))) {
            Subscriber.soon().untilAsserted(() -> {
                Set<String> all = new HashSet<>(published);
                all.addAll(after.data());
                assertThat(all).containsAll(files).containsAll(messages);
            });
        }
    }
}
