package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.HttpConnectStrategy;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.StreamException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.needle.edge.Transport;
import org.needle.hub.Content;

/** Data that is easily spoiled arrives unspoiled, in order and once, over every transport and in clients by others. */
class PayloadOfEveryKind {
    private static final OpenEdge EDGE = OpenEdge.start();
    private static final List<Content> ALL = Payloads.all();

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    private static List<String> publishAll(String topic) {
        List<String> ids = new ArrayList<>();
        ALL.forEach(content -> ids.add(EDGE.publish(topic, content)));
        return ids;
    }

    private static String name(Content content) {
        return content.name() == null ? "" : content.name();
    }

    @ParameterizedTest
    @EnumSource
    void isExactLive(Transport transport) {
        String topic = "live/" + transport.label();
        Ask ask = Ask.of(EDGE.port(), topic)
                .with("envelope=json", "sum=1", "wait=5")
                .from(EDGE.publish(topic, "before"));
        try (Subscriber subscriber = Subscriber.open(transport, ask)) {
            isExact(subscriber, topic, publishAll(topic));
        }
    }

    @ParameterizedTest
    @EnumSource
    void isExactFromHistory(Transport transport) {
        String topic = "kept/" + transport.label();
        List<String> ids = publishAll(topic);
        Ask ask = Ask.of(EDGE.port(), topic)
                .with("envelope=json", "sum=1", "wait=5")
                .from("earliest");
        try (Subscriber subscriber = Subscriber.open(transport, ask)) {
            isExact(subscriber, topic, ids);
        }
    }

    private static void isExact(Subscriber subscriber, String topic, List<String> ids) {
        List<Frame> events = subscriber.awaitEvents(ALL.size());
        assertThat(events).hasSameSizeAs(ALL);
        for (int i = 0; i < ALL.size(); i++) {
            assertThat(events.get(i).json()).isEqualTo(Envelope.of(ids.get(i), topic, ALL.get(i), true));
        }
    }

    @Test
    void isWhatPlainSseCanShow() {
        Ask ask = Ask.of(EDGE.port(), "plain");
        try (Subscriber subscriber = Subscriber.open(Transport.SSE, ask)) {
            subscriber.hello();
            List<String> ids = publishAll("plain");
            List<Frame> events = subscriber.awaitEvents(ALL.size());
            assertThat(subscriber.ids()).isEqualTo(ids);
            for (int i = 0; i < ALL.size(); i++) {
                // the reader takes what begins like an envelope for one; the payloads do not
                assertThat(events.get(i).data()).isEqualTo(Payloads.plain(ALL.get(i)));
                assertThat(events.get(i).event()).isEqualTo(name(ALL.get(i)));
            }
        }
    }

    @Test
    void arrivesInOkhttpEventsource() throws StreamException {
        List<String> ids = publishAll("okhttp");
        List<MessageEvent> events = okhttp(Ask.of(EDGE.port(), "okhttp").from("earliest"));
        assertThat(events).extracting(MessageEvent::getLastEventId).isEqualTo(ids);
        for (int i = 0; i < ALL.size(); i++) {
            String name = name(ALL.get(i));
            assertThat(events.get(i).getData()).isEqualTo(Payloads.plain(ALL.get(i)));
            assertThat(events.get(i).getEventName()).isEqualTo(name.isEmpty() ? "message" : name);
        }
    }

    @Test
    void arrivesExactlyInOkhttpEventsourceWithTheEnvelope() throws StreamException {
        List<String> ids = publishAll("okhttp/exact");
        List<MessageEvent> events =
                okhttp(Ask.of(EDGE.port(), "okhttp/exact").from("earliest").with("envelope=json"));
        for (int i = 0; i < ALL.size(); i++) {
            assertThat(Frame.parse(events.get(i).getData()))
                    .isEqualTo(Envelope.of(ids.get(i), "okhttp/exact", ALL.get(i), false));
        }
    }

    private static List<MessageEvent> okhttp(Ask ask) throws StreamException {
        HttpConnectStrategy strategy = HttpConnectStrategy.http(ask.uri("http"))
                .readTimeout(Subscriber.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        try (EventSource source = new EventSource.Builder(strategy).build()) {
            List<MessageEvent> events = new ArrayList<>();
            while (events.size() < ALL.size()) {
                MessageEvent event = source.readMessage();
                if (!event.getEventName().startsWith("needle-")) {
                    events.add(event);
                }
            }
            return events;
        }
    }

    @Test
    void arrivesInTyrus() {
        List<String> ids = publishAll("tyrus");
        Ask ask = Ask.of(EDGE.port(), "tyrus").from("earliest").with("sum=1");
        try (TyrusSubscriber subscriber = new TyrusSubscriber(ask)) {
            assertThat(subscriber.subprotocol()).isEqualTo("needle.v1");
            isExact(subscriber, "tyrus", ids);
        }
    }
}
