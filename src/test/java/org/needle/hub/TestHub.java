package org.needle.hub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.needle.log.MemoryLog;

/** A hub over a memory log with a clock that stands still until told. */
final class TestHub {
    final AtomicLong clock = new AtomicLong(1_000_000);
    final Hub hub;

    TestHub(TopicSettings settings) {
        this(new HubSettings(
                new TopicSettings.Rules(List.of(), settings), 100, 1 << 20, 1L << 30, Duration.ofMinutes(10)));
    }

    TestHub(HubSettings settings) {
        hub = new Hub(new MemoryLog("e1", clock::get), settings, clock::get);
        hub.start();
    }

    static TopicSettings keeping(int count, Slow slow) {
        return new TopicSettings(count, 1 << 20, Duration.ofMinutes(10), slow);
    }

    Event publish(String topic, String data) {
        return publish(Draft.of(Topic.of(topic), Content.text(null, data)));
    }

    Event publish(Draft draft) {
        return hub.publish(draft).join();
    }

    Event publishKeyed(String topic, String key, String data) {
        return publish(new Draft(Topic.of(topic), Content.text(null, data), key, null, null));
    }

    Event publishFor(Duration ttl, String topic, String data) {
        return publish(new Draft(Topic.of(topic), Content.text(null, data), null, ttl, null));
    }

    Subscription subscribe(@Nullable String position, String... filters) {
        List<TopicFilter> parsed = new ArrayList<>();
        for (String filter : filters) {
            parsed.add(TopicFilter.of(filter));
        }
        return new Subscription(hub, parsed, position);
    }

    static Subscription.Page next(Subscription subscription) {
        return subscription.next(1_000, 1 << 20, false);
    }

    /** The data of everything from here to the head. */
    static List<String> rest(Subscription subscription) {
        List<String> data = new ArrayList<>();
        Subscription.Page page;
        do {
            page = next(subscription);
            page.events().forEach(event -> data.add(event.content().string()));
        } while (page.more());
        return data;
    }
}
