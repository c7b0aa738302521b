package org.needle.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopicWithLimits {
    @Test
    void keepsTheNewestEventHoweverLarge() {
        TestHub hub = new TestHub(new TopicSettings(10, 1_000, Duration.ofMinutes(1), Slow.GAP));
        hub.publish("a", "small");
        hub.publish("a", "x".repeat(5_000));
        assertThat(TestHub.rest(hub.subscribe("earliest", "a"))).containsExactly("x".repeat(5_000));
        assertThat(hub.hub.totals().historyBytes()).isEqualTo(5_128);
    }

    @Test
    void keepsNoMoreBytesThanItMay() {
        TestHub hub = new TestHub(new TopicSettings(10, 1_000, Duration.ofMinutes(1), Slow.GAP));
        for (int i = 0; i < 10; i++) {
            hub.publish("a", "x".repeat(122));
        }
        assertThat(TestHub.rest(hub.subscribe("earliest", "a"))).hasSize(4);
        assertThat(hub.hub.totals().historyBytes()).isEqualTo(1_000);
    }

    @Test
    void keepsNoMoreEventsThanItMay() {
        TestHub hub = new TestHub(TestHub.keeping(3, Slow.GAP));
        Event first = hub.publish("a", "1");
        hub.publish("a", "2");
        hub.publish("a", "3");
        assertThat(TestHub.rest(hub.subscribe("earliest", "a"))).containsExactly("1", "2", "3");
        hub.publish("a", "4");
        assertThat(TestHub.rest(hub.subscribe("earliest", "a"))).containsExactly("2", "3", "4");
        assertThat(hub.subscribe(first.position().toString(), "a").recovered())
                .as("nothing is missing behind the first")
                .isTrue();
        hub.publish("a", "5");
        assertThat(hub.subscribe(first.position().toString(), "a").recovered()).isFalse();
    }

    @Test
    void keepsNoEventLongerThanItMay() {
        TestHub hub = new TestHub(new TopicSettings(10, 1 << 20, Duration.ofMinutes(1), Slow.GAP));
        hub.publish("a", "old");
        hub.clock.addAndGet(59_999);
        hub.publish("a", "new");
        assertThat(TestHub.rest(hub.subscribe("earliest", "a"))).containsExactly("old", "new");
        hub.clock.addAndGet(1);
        assertThat(TestHub.rest(hub.subscribe("earliest", "a"))).containsExactly("new");
    }

    /** Else a page of all topics is as large as their history, once for each pattern that a client names. */
    @Test
    void isReadNoFurtherThanAPageOfAllTopicsGoes() {
        TestHub hub = new TestHub(TopicSettings.DEFAULT);
        for (int i = 0; i < 20_000; i++) {
            hub.publish("t/" + i % 100, Integer.toString(i));
        }
        Subscription subscription = hub.subscribe("earliest", "**", "t/*", "t/**", "*/*", "t/7");
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        List<Event> page = subscription.next(200, 1 << 20, false).events();
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(page).hasSize(200);
        assertThat(bytes).as("bytes for a page").isLessThan(300_000);
        List<String> all = new ArrayList<>();
        page.forEach(event -> all.add(event.content().string()));
        all.addAll(TestHub.rest(subscription));
        assertThat(all)
                .isEqualTo(
                        IntStream.range(0, 20_000).mapToObj(Integer::toString).toList());
    }

    @Test
    void followsTheFirstRuleThatMatches() {
        TopicSettings few = TestHub.keeping(1, Slow.GAP);
        TopicSettings.Rule rule = new TopicSettings.Rule(TopicFilter.of("o/**"), few);
        TestHub hub = new TestHub(new HubSettings(
                new TopicSettings.Rules(List.of(rule), TestHub.keeping(9, Slow.GAP)), 9, 9, 1 << 20, Duration.ZERO));
        for (int i = 0; i < 5; i++) {
            hub.publish("o/x", "");
            hub.publish("p", "");
        }
        assertThat(TestHub.rest(hub.subscribe("earliest", "o/x"))).hasSize(1);
        assertThat(TestHub.rest(hub.subscribe("earliest", "p"))).hasSize(5);
    }

    @Test
    void refusesWhatIsTooLargeOrOneTopicTooMany() {
        TestHub hub = new TestHub(new HubSettings(TopicSettings.Rules.DEFAULT, 2, 10, 1 << 20, Duration.ofMinutes(1)));
        hub.publish("a", "1234567890");
        hub.publish("b", "");
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> hub.publish("a", "12345678901"))
                .withMessageContaining("max-event=10");
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> hub.publish("c", ""))
                .withMessageContaining("max-topics=2");
        hub.publish("a", "still");
    }

    @Test
    void givesWayToAllTopicsTogether() {
        TestHub hub =
                new TestHub(new HubSettings(TopicSettings.Rules.DEFAULT, 200, 2_000, 50_000, Duration.ofMinutes(1)));
        for (int i = 0; i < 1_000; i++) {
            hub.publish("t/" + i % 100, "x".repeat(872));
            assertThat(hub.hub.totals().historyBytes()).isLessThanOrEqualTo(101_000);
        }
        Subscription old = hub.subscribe("e1-1", "t/*");
        assertThat(old.recovered()).isFalse();
        assertThat(TestHub.rest(hub.subscribe("earliest", "t/99")))
                .as("the newest is kept")
                .isNotEmpty();
    }

    @Test
    void sendsOnlyTheNewestOfAKeyToALaggingSubscriber() {
        TestHub hub = new TestHub(TestHub.keeping(100, Slow.CONFLATE));
        Subscription subscription = hub.subscribe(null, "a");
        hub.publishKeyed("a", "x", "x1");
        hub.publishKeyed("a", "y", "y1");
        hub.publishKeyed("a", "x", "x2");
        hub.publish("a", "plain");
        assertThat(subscription.next(100, 1 << 20, true).events())
                .extracting(event -> event.content().string())
                .containsExactly("y1", "x2", "plain");
        assertThat(TestHub.rest(hub.subscribe("earliest", "a")))
                .as("not lagging")
                .hasSize(4);
    }
}
