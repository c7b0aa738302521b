package org.needle.hub;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Remembers idempotency keys for a while, at most {@value #MAX} of them, oldest out first. Guarded by its monitor.
 *
 * <p>The first publish under a key is remembered before it has finished, so a repeat that comes meanwhile waits for the
 * same event instead of making a second one. A publish that failed is forgotten: its repeat is a new attempt. One that has
 * succeeded is remembered without its data: else clients who send keys would keep what the topics' history has dropped.
 */
final class Repeats {
    static final int MAX = 100_000;

    private record Key(Topic topic, String key) {}

    private record First(long time, CompletableFuture<Event> event) {}

    private final Map<Key, First> firsts = new LinkedHashMap<>();
    private final long window;

    /** @param window how long a key is remembered, in ms */
    Repeats(long window) {
        this.window = window;
    }

    CompletableFuture<Event> once(Draft draft, String key, long now, Supplier<CompletableFuture<Event>> publish) {
        Key id = new Key(draft.topic(), key);
        CompletableFuture<Event> event = new CompletableFuture<>();
        synchronized (this) {
            expire(now);
            First first = firsts.get(id);
            if (first != null) {
                return first.event().thenApply(known -> known.with(draft.content()));
            }
            makeRoom();
            firsts.put(id, new First(now, event));
        }
        publish.get().whenComplete((done, failure) -> {
            if (failure == null) {
                remember(id, event, done);
                event.complete(done);
            } else {
                forget(id);
                event.completeExceptionally(failure);
            }
        });
        return event;
    }

    private synchronized void remember(Key id, CompletableFuture<Event> under, Event done) {
        firsts.computeIfPresent(
                id,
                (same, first) -> first.event() == under
                        ? new First(first.time(), CompletableFuture.completedFuture(done.with(Content.NONE)))
                        : first);
    }

    private synchronized void forget(Key id) {
        firsts.remove(id);
    }

    private void expire(long now) {
        var oldest = firsts.values().iterator();
        while (oldest.hasNext() && oldest.next().time() + window <= now) {
            oldest.remove();
        }
    }

    private void makeRoom() {
        if (firsts.size() >= MAX) {
            var oldest = firsts.values().iterator();
            oldest.next();
            oldest.remove();
        }
    }
}
