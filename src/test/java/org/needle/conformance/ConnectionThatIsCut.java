package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.ErrorStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.StreamException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.needle.edge.Transport;

/** The network cuts a connection, or the server goes and comes back: the client resumes and has every event once. */
class ConnectionThatIsCut {
    private static final int CUTS = 4;

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    @ParameterizedTest
    @EnumSource(names = {"SSE", "WEBSOCKET", "STREAM"})
    void costsNothingWhenTheClientResumes(Transport transport) {
        try (OpenEdge edge = OpenEdge.start();
                Tunnel tunnel = new Tunnel(edge.port())) {
            List<String> data = new ArrayList<>();
            Ask ask = Ask.of(tunnel.port(), "cut").with("envelope=json");
            String position = edge.publish("cut", "before");
            int published = 0;
            for (int i = 0; i < CUTS; i++) {
                try (Subscriber subscriber = Subscriber.open(transport, ask.from(position))) {
                    subscriber.hello();
                    for (int n = 0; n < 200; n++) {
                        edge.publish("cut", Integer.toString(published++));
                    }
                    subscriber.awaitEvents(1);
                    tunnel.cut();
                    subscriber.awaitEnd();
                    position = subscriber.position();
                    data.addAll(subscriber.data());
                }
            }
            try (Subscriber last = Subscriber.open(transport, ask.from(position))) {
                last.hello();
                edge.publish("cut", Integer.toString(published++));
                int missing = published - data.size();
                last.awaitEvents(missing);
                data.addAll(last.data());
            }
            assertThat(data).isEqualTo(numbers(published));
        }
    }

    @Test
    void costsOkhttpEventsourceNothing() {
        List<MessageEvent> events = new CopyOnWriteArrayList<>();
        AtomicBoolean done = new AtomicBoolean();
        OpenEdge edge = OpenEdge.start();
        try (Tunnel tunnel = new Tunnel(edge.port());
                EventSource source = new EventSource.Builder(ConnectStrategy.http(
                                Ask.of(tunnel.port(), "cut").uri("http")))
                        .errorStrategy(ErrorStrategy.alwaysContinue())
                        .retryDelay(10, TimeUnit.MILLISECONDS)
                        .build()) {
            CompletableFuture.runAsync(() -> read(source, events, done), task -> new Thread(task, "okhttp").start());
            awaitHello(events, 1);
            int published = 0;
            for (int i = 0; i < 2; i++) {
                for (int n = 0; n < 50; n++) {
                    edge.publish("cut", Integer.toString(published++));
                }
                awaitData(events, published - 1);
                if (i == 1) {
                    edge = edge.restart();
                    tunnel.target(edge.port());
                }
                tunnel.cut();
                edge.publish("cut", Integer.toString(published++));
                awaitHello(events, i + 2);
            }
            awaitData(events, published);
            assertThat(numbersOf(events)).isEqualTo(numbers(published));
            done.set(true);
        } finally {
            edge.close();
        }
    }

    private static void read(EventSource source, List<MessageEvent> events, AtomicBoolean done) {
        while (!done.get()) {
            try {
                events.add(source.readMessage());
            } catch (StreamException e) {
                // it reconnects by itself
            }
        }
    }

    private static List<String> numbersOf(List<MessageEvent> events) {
        return events.stream()
                .filter(e -> e.getEventName().equals("message"))
                .map(MessageEvent::getData)
                .toList();
    }

    private static void awaitData(List<MessageEvent> events, int count) {
        await().atMost(Subscriber.PATIENCE).until(() -> numbersOf(events).size() >= count);
    }

    private static void awaitHello(List<MessageEvent> events, int count) {
        await().atMost(Subscriber.PATIENCE).until(() -> hellos(events) >= count);
    }

    private static long hellos(List<MessageEvent> events) {
        return events.stream()
                .filter(e -> e.getEventName().equals("needle-hello"))
                .count();
    }
}
