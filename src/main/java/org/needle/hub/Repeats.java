package org.needle.hub;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Remembers idempotency keys for a while, at most {@value #MAX} of them, oldest out first. Guarded by its monitor.
 *
 * <p>The first publish under a key is remembered before it has finished, so a repeat that comes meanwhile waits for the
 * same event instead of making a second one. A publish that failed is forgotten: its repeat is a new attempt.
 */
final class Repeats {
    private static final int MAX = 100_000;

    private record Key(Topic topic, String key) {}

    private record First(long time, CompletableFuture<Event> event) {}

    private final Map<Key, First> firsts = new LinkedHashMap<>();
    private final long window;

    /** @param window how long a key is remembered, in ms */
    Repeats(long window) {
        this.window = window;
    }

    CompletableFuture<Event> once(Topic topic, String key, long now, Supplier<CompletableFuture<Event>> publish) {
        Key id = new Key(topic, key);
        CompletableFuture<Event> event = new CompletableFuture<>();
        synchronized (this) {
            expire(now);
            First first = firsts.get(id);
            if (first != null) {
                return first.event();
            }
            firsts.put(id, new First(now, event));
        }
        publish.get().whenComplete((done, failure) -> {
            if (failure == null) {
                event.complete(done);
            } else {
                forget(id);
                event.completeExceptionally(failure);
            }
        });
        return event;
    }

    private synchronized void forget(Key id) {
        firsts.remove(id);
    }

    private void expire(long now) {
        var oldest = firsts.values().iterator();
        while (oldest.hasNext()) {
            First first = oldest.next();
            if (first.time() + window > now && firsts.size() < MAX) {
                return;
            }
            oldest.remove();
        }
    }
}
