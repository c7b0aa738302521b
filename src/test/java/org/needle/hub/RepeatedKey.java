package org.needle.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RepeatedKey {
    private static Draft draft(String topic, String data) {
        return new Draft(Topic.of(topic), Content.text(null, data), null, null, "key-1");
    }

    @Test
    void publishesNothingAndGivesTheFirstId() {
        TestHub hub = new TestHub(TopicSettings.DEFAULT);
        Event first = hub.publish(draft("a", "1"));
        assertThat(hub.publish(draft("a", "2")).position()).isEqualTo(first.position());
        assertThat(hub.publish(draft("b", "3")).position()).as("another topic").isNotEqualTo(first.position());
        assertThat(TestHub.rest(hub.subscribe("earliest", "a"))).containsExactly("1");
    }

    @Test
    void keepsNoDataThatTheHistoryHasDropped() {
        TestHub hub = new TestHub(TestHub.keeping(1, Slow.GAP));
        Event first = hub.publish(draft("a", "1"));
        assertThat(first.content().string()).isEqualTo("1");
        hub.publish("a", "2");
        Event repeat = hub.publish(draft("a", "1"));
        assertThat(repeat.position()).isEqualTo(first.position());
        assertThat(repeat.content().string()).isEqualTo("1");
        assertThat(repeat.content().data())
                .as("the repeat's own")
                .isNotSameAs(first.content().data());
    }

    @Test
    void isTheOldestToBeForgottenIfThereAreTooMany() {
        TestHub hub = new TestHub(TopicSettings.DEFAULT);
        Event first = hub.publish(draft("a", "1"));
        for (int i = 1; i < Repeats.MAX; i++) {
            hub.publish(new Draft(Topic.of("b"), Content.text(null, ""), null, null, "other-" + i));
        }
        assertThat(hub.publish(draft("a", "1")).position()).as("at the limit").isEqualTo(first.position());
        hub.publish(new Draft(Topic.of("b"), Content.text(null, ""), null, null, "one more"));
        assertThat(hub.publish(draft("a", "1")).position()).as("beyond").isNotEqualTo(first.position());
    }

    @Test
    void isForgottenAfterItsTimeAndNotBefore() {
        TestHub hub = new TestHub(TopicSettings.DEFAULT);
        Event first = hub.publish(draft("a", "1"));
        hub.clock.addAndGet(Duration.ofMinutes(10).toMillis() - 1);
        assertThat(hub.publish(draft("a", "2")).position()).isEqualTo(first.position());
        hub.clock.addAndGet(1);
        hub.publish(draft("a", "2"));
        assertThat(TestHub.rest(hub.subscribe("e1-1", "a"))).containsExactly("2");
    }

    @Test
    void waitsForTheFirstAndTriesAgainIfThatFailed() {
        List<CompletableFuture<Event>> appends = new ArrayList<>();
        EventLog slow = new EventLog() {
            @Override
            public String epoch() {
                return "e1";
            }

            @Override
            public void start(Consumer<Event> tail) {}

            @Override
            public CompletableFuture<Event> append(Draft draft) {
                appends.add(new CompletableFuture<>());
                return appends.get(appends.size() - 1);
            }

            @Override
            public String trouble() {
                return "";
            }

            @Override
            public void close() {}
        };
        Hub hub = new Hub(slow, HubSettings.DEFAULT, () -> 0);
        hub.start();
        CompletableFuture<Event> first = hub.publish(draft("a", "1"));
        CompletableFuture<Event> second = hub.publish(draft("a", "1"));
        assertThat(appends).hasSize(1);
        appends.get(0).completeExceptionally(new IllegalStateException("disk full"));
        assertThatThrownBy(first::join).hasMessageContaining("disk full");
        assertThatThrownBy(second::join).hasMessageContaining("disk full");
        hub.publish(draft("a", "1"));
        assertThat(appends).as("a new attempt").hasSize(2);
    }
}
