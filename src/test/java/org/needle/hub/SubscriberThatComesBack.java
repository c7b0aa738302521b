package org.needle.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SubscriberThatComesBack {
    private final TestHub hub = new TestHub(TestHub.keeping(3, Slow.GAP));

    @Test
    void getsWhatItMissedAndNoMore() {
        String position = hub.publish("a", "1").position().toString();
        hub.publish("a", "2");
        hub.publish("b", "3");
        hub.publish("a", "4");
        Subscription subscription = hub.subscribe(position, "a");
        assertThat(subscription.recovered()).isTrue();
        Subscription.Page page = TestHub.next(subscription);
        assertThat(page.gap()).isNull();
        assertThat(page.events()).extracting(event -> event.content().string()).containsExactly("2", "4");
        assertThat(page.more()).isFalse();
        assertThat(TestHub.rest(subscription)).isEmpty();
    }

    @Test
    void withoutPositionBeginsNow() {
        hub.publish("a", "1");
        Subscription subscription = hub.subscribe(null, "a");
        assertThat(subscription.recovered()).isTrue();
        hub.publish("a", "2");
        assertThat(TestHub.rest(subscription)).containsExactly("2");
    }

    @Test
    void atTheEarliestGetsAllThatIsKeptAndNoGap() {
        for (int i = 1; i <= 5; i++) {
            hub.publish("a", "" + i);
        }
        Subscription subscription = hub.subscribe("earliest", "a");
        assertThat(subscription.recovered()).isTrue();
        Subscription.Page page = TestHub.next(subscription);
        assertThat(page.gap()).isNull();
        assertThat(page.events()).hasSize(3);
    }

    @Test
    void isToldFirstOfWhatWasTrimmed() {
        String position = hub.publish("a", "1").position().toString();
        for (int i = 2; i <= 5; i++) {
            hub.publish("a", "" + i);
        }
        Subscription subscription = hub.subscribe(position, "a", "b");
        assertThat(subscription.recovered()).isFalse();
        Subscription.Page page = TestHub.next(subscription);
        assertThat(page.gap()).isEqualTo(new Gap(List.of("a"), position, "e1-2", Gap.Reason.TRIMMED));
        assertThat(page.events()).extracting(event -> event.content().string()).containsExactly("3", "4", "5");
        hub.publish("a", "6");
        assertThat(TestHub.next(subscription).gap()).as("told once").isNull();
    }

    @Test
    void isToldOfWhatExpired() {
        String position = hub.publish("a", "1").position().toString();
        hub.publish("a", "2");
        hub.clock.addAndGet(Duration.ofMinutes(11).toMillis());
        hub.publish("a", "3");
        Subscription.Page page = TestHub.next(hub.subscribe(position, "a"));
        assertThat(Objects.requireNonNull(page.gap()).reason()).isEqualTo(Gap.Reason.EXPIRED);
        assertThat(page.events()).extracting(event -> event.content().string()).containsExactly("3");
    }

    @Test
    void isToldOfAnEventWithAShortLifeInTheMiddle() {
        String position = hub.publish("a", "1").position().toString();
        Event shortLived = hub.publishFor(Duration.ofSeconds(5), "a", "2");
        hub.publish("a", "3");
        hub.clock.addAndGet(6_000);
        Subscription.Page page = TestHub.next(hub.subscribe(position, "a"));
        assertThat(Objects.requireNonNull(page.gap()).to())
                .isEqualTo(shortLived.position().toString());
        assertThat(page.events()).extracting(event -> event.content().string()).containsExactly("3");
    }

    @Test
    void isToldEvenIfTheWholeTopicIsForgotten() {
        String position = hub.publish("a", "1").position().toString();
        hub.publish("a", "2");
        hub.clock.addAndGet(Duration.ofMinutes(11).toMillis());
        hub.hub.sweep();
        assertThat(hub.hub.totals().topics()).isZero();
        assertThat(hub.subscribe(position, "a").recovered()).isFalse();
        assertThat(hub.subscribe(position, "*").recovered()).isFalse();
        assertThat(hub.subscribe(hub.hub.head().toString(), "a").recovered()).isTrue();
    }

    @Test
    void whileLaggingIsToldOfATopicThatIsForgottenMeanwhile() {
        Subscription subscription = hub.subscribe(null, "a");
        hub.publish("a", "1");
        hub.clock.addAndGet(Duration.ofMinutes(11).toMillis());
        hub.hub.sweep();
        hub.publish("b", "2");
        assertThat(TestHub.next(subscription).gap()).isNotNull();
    }

    @Test
    void withAPositionOfAnotherLogGetsAGapAndAllThatIsKept() {
        hub.publish("a", "1");
        hub.publish("a", "2");
        for (String foreign : List.of("e0-1", "42", "e1-zz")) {
            Subscription subscription = hub.subscribe(foreign, "a");
            assertThat(subscription.recovered()).as(foreign).isFalse();
            Subscription.Page page = TestHub.next(subscription);
            assertThat(page.gap()).isEqualTo(new Gap(List.of("a"), foreign, "e1-0", Gap.Reason.EPOCH));
            assertThat(page.events()).as(foreign).hasSize(2);
        }
    }

    @Test
    void readsSeveralTopicsInTheOrderOfTheLogAndEachEventOnce() {
        TestHub wide = new TestHub(TestHub.keeping(1_000, Slow.GAP));
        for (int i = 0; i < 500; i++) {
            wide.publish("t/" + (i % 7), "" + i);
        }
        Subscription subscription = wide.subscribe("earliest", "t/*", "t/3", "**");
        for (int i = 0; i < 500; ) {
            Subscription.Page page = subscription.next(64, 3_000, false);
            assertThat(page.events()).isNotEmpty().hasSizeLessThanOrEqualTo(64);
            for (Event event : page.events()) {
                assertThat(event.content().string()).isEqualTo("" + i++);
            }
            assertThat(page.more()).isEqualTo(i < 500);
        }
    }
}
