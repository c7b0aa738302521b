package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.needle.conformance.Ask.Carrier;
import org.needle.edge.Transport;

/** A subscriber comes back with a position that cannot be served in full: it is told so, first of all, and goes on. */
class PositionThatIsGone {

    private static List<String> publish(OpenEdge edge, String topic, int from, int to) {
        List<String> ids = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            ids.add(edge.publish(topic, topic + " " + i));
        }
        return ids;
    }

    /** hello, then the gap, then the events; returns the gap. */
    private static JsonNode gapOf(Subscriber subscriber) {
        Frame gap = subscriber.awaitControl("gap");
        assertThat(subscriber.hello().json().path("recovered").isBoolean()).isTrue();
        assertThat(subscriber.hello().json().path("recovered").asBoolean()).isFalse();
        assertThat(subscriber.frames().indexOf(gap)).as("the gap follows hello").isEqualTo(1);
        assertThat(subscriber.controls("gap")).hasSize(1);
        return gap.json();
    }

    private static List<String> strings(JsonNode array) {
        List<String> all = new ArrayList<>();
        array.forEach(node -> all.add(node.asText()));
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void isToldTrimmedAndGoesOnWithTheFirstEventKept(Transport transport) {
        try (OpenEdge edge = OpenEdge.start(plan -> plan.keeping(5))) {
            List<String> ids = publish(edge, "busy", 1, 20);
            publish(edge, "calm", 1, 1);
            Ask ask = Ask.of(edge.port(), "busy", "calm").from(ids.get(2)).with("wait=1", "envelope=json");
            try (Subscriber subscriber = Subscriber.open(transport, ask)) {
                subscriber.awaitEvents(6);
                JsonNode gap = gapOf(subscriber);
                assertThat(strings(gap.path("topics"))).containsExactly("busy");
                assertThat(gap.path("from").asText()).isEqualTo(ids.get(2));
                assertThat(gap.path("to").asText()).isEqualTo(ids.get(14));
                assertThat(gap.path("reason").asText()).isEqualTo("trimmed");
                publish(edge, "busy", 21, 21);
                subscriber.awaitEvents(7);
                assertThat(subscriber.data())
                        .containsExactly("busy 16", "busy 17", "busy 18", "busy 19", "busy 20", "calm 1", "busy 21");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void isToldExpired(Transport transport) {
        try (OpenEdge edge = OpenEdge.start()) {
            List<String> ids = publish(edge, "old", 1, 3);
            edge.pass(Duration.ofMinutes(11));
            publish(edge, "old", 4, 5);
            Ask ask = Ask.of(edge.port(), "old").from(ids.get(0)).with("wait=1");
            try (Subscriber subscriber = Subscriber.open(transport, ask)) {
                subscriber.awaitEvents(2);
                JsonNode gap = gapOf(subscriber);
                assertThat(gap.path("reason").asText()).isEqualTo("expired");
                assertThat(strings(gap.path("topics"))).containsExactly("old");
                assertThat(gap.path("from").asText()).isEqualTo(ids.get(0));
                assertThat(gap.path("to").asText()).isEqualTo(ids.get(2));
                assertThat(subscriber.data()).containsExactly("old 4", "old 5");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void isToldEpochAfterARestartThatLostTheLog(Transport transport) {
        String old;
        try (OpenEdge before = OpenEdge.start()) {
            old = publish(before, "news", 1, 9).get(8);
        }
        try (OpenEdge edge = OpenEdge.start()) {
            publish(edge, "news", 1, 3);
            Ask ask = Ask.of(edge.port(), "news", "other").from(old).with("wait=1");
            try (Subscriber subscriber = Subscriber.open(transport, ask)) {
                subscriber.awaitEvents(3);
                JsonNode gap = gapOf(subscriber);
                assertThat(gap.path("reason").asText()).isEqualTo("epoch");
                assertThat(strings(gap.path("topics"))).containsExactly("news", "other");
                assertThat(gap.path("from").asText()).isEqualTo(old);
                assertThat(subscriber.data()).containsExactly("news 1", "news 2", "news 3");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SSE,HEADER",
        "SSE,QUERY",
        "STREAM,HEADER",
        "STREAM,QUERY",
        "POLL,HEADER",
        "POLL,QUERY",
        "WEBSOCKET,HEADER",
        "WEBSOCKET,QUERY",
        "WEBSOCKET,FRAME"
    })
    void isNoErrorHoweverStrangeAndHoweverItCame(Transport transport, Carrier carrier) {
        try (OpenEdge edge = OpenEdge.start()) {
            String kept = publish(edge, "news", 1, 1).get(0);
            String future = kept.substring(0, kept.indexOf('-') + 1) + "zzzz";
            for (String wrong : List.of("1", "what.is~this:_then-x", "A".repeat(128), future)) {
                Ask ask = Ask.of(edge.port(), "news").from(wrong, carrier).with("wait=1");
                try (Subscriber subscriber = Subscriber.open(transport, ask)) {
                    subscriber.awaitEvents(1);
                    JsonNode gap = gapOf(subscriber);
                    assertThat(gap.path("from").asText()).isEqualTo(wrong);
                    assertThat(gap.path("reason").asText()).isEqualTo("epoch");
                    assertThat(subscriber.ids()).containsExactly(kept);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void isNoGapForATopicThatLostNothing(Transport transport) {
        try (OpenEdge edge = OpenEdge.start(plan -> plan.keeping(5))) {
            String calm = publish(edge, "calm", 1, 1).get(0);
            publish(edge, "busy", 1, 20);
            publish(edge, "calm", 2, 2);
            Ask ask = Ask.of(edge.port(), "calm").from(calm).with("wait=1");
            try (Subscriber subscriber = Subscriber.open(transport, ask)) {
                subscriber.awaitEvents(1);
                assertThat(subscriber.hello().json().path("recovered").asBoolean())
                        .isTrue();
                assertThat(subscriber.controls("gap")).isEmpty();
                assertThat(subscriber.data()).containsExactly("calm 2");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void isNotWhatEarliestMeans(Transport transport) {
        try (OpenEdge edge = OpenEdge.start(plan -> plan.keeping(5))) {
            publish(edge, "busy", 1, 20);
            Ask ask = Ask.of(edge.port(), "busy").from("earliest").with("wait=1");
            try (Subscriber subscriber = Subscriber.open(transport, ask)) {
                subscriber.awaitEvents(5);
                publish(edge, "busy", 21, 21);
                subscriber.awaitEvents(6);
                assertThat(subscriber.hello().json().path("recovered").asBoolean())
                        .isTrue();
                assertThat(subscriber.controls("gap")).isEmpty();
                assertThat(subscriber.data())
                        .containsExactly("busy 16", "busy 17", "busy 18", "busy 19", "busy 20", "busy 21");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void isNotWhatNoPositionMeans(Transport transport) {
        try (OpenEdge edge = OpenEdge.start()) {
            String before = publish(edge, "news", 1, 5).get(4);
            Ask ask = Ask.of(edge.port(), "news").with("wait=1");
            try (Subscriber subscriber = Subscriber.open(transport, ask)) {
                Frame hello = subscriber.hello();
                assertThat(hello.json().path("recovered").asBoolean()).isTrue();
                assertThat(hello.json().path("position").asText()).isEqualTo(before);
                publish(edge, "news", 6, 6);
                subscriber.awaitEvents(1);
                assertThat(subscriber.data()).containsExactly("news 6");
            }
        }
    }
}
