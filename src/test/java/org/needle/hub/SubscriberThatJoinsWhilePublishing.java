package org.needle.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The promise of {@link Subscription}: history joins live without a hole and without a double. */
class SubscriberThatJoinsWhilePublishing {
    private static final int EVENTS = 20_000;
    private static final int JOINS = 400;

    private final TestHub hub = new TestHub(TestHub.keeping(EVENTS, Slow.GAP));

    @Test
    void getsEachEventOnceAndInOrder() throws Exception {
        CompletableFuture<Void> first = publisher("t/a");
        CompletableFuture<Void> second = publisher("t/b");
        long seed = System.identityHashCode(this);
        Random random = new Random(seed);
        for (int i = 0; i < JOINS; i++) {
            long at = hub.hub.head().offset();
            String from = new Position("e1", Math.max(0, at - random.nextInt(50))).toString();
            assertContiguous("seed " + seed, from, join(from));
        }
        CompletableFuture.allOf(first, second).get(30, TimeUnit.SECONDS);
    }

    private CompletableFuture<Void> publisher(String topic) {
        return CompletableFuture.runAsync(
                () -> {
                    for (int i = 0; i < EVENTS / 2; i++) {
                        hub.publish(topic, "");
                        LockSupport.parkNanos(1);
                    }
                },
                task -> new Thread(task, topic).start());
    }

    /** What an event loop does: follow, take the cursor, read, and then take what is offered above the cursor. */
    private List<Long> join(String from) {
        Queue<Event> offered = new ConcurrentLinkedQueue<>();
        Feed feed = offered::add;
        TopicFilter all = TopicFilter.of("t/*");
        hub.hub.follow(all, feed);
        Subscription subscription = hub.subscribe(from, "t/*");
        List<Long> got = new ArrayList<>();
        Subscription.Page page;
        do {
            page = subscription.next(7, 1 << 20, false);
            assertThat(page.gap()).isNull();
            page.events().forEach(event -> got.add(event.offset()));
        } while (page.more());
        for (int i = 0; i < 20; i++) {
            Event live = offered.poll();
            if (live != null && live.offset() > subscription.offset()) {
                got.add(live.offset());
                subscription.advance(live.offset());
            }
        }
        hub.hub.unfollow(all, feed);
        return got;
    }

    private static void assertContiguous(String seed, String from, List<Long> got) {
        long expected = Long.parseLong(from.substring(3), 36);
        for (long offset : got) {
            assertThat(offset).as(seed).isEqualTo(++expected);
        }
    }
}
