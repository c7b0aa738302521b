package org.needle.camel;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The routes through which events of upstreams go, by name. An answer outlives the route that it began with: while a route is
 * reloaded its events wait for the new one, not for long. Callable from any thread.
 */
final class ForwardRoutes {
    private static final int RELOAD_SECONDS = 10;

    private final Map<String, ForwardConsumer> running = new HashMap<>();
    private final Map<String, CompletableFuture<ForwardConsumer>> awaited = new HashMap<>();

    void add(String name, ForwardConsumer consumer) {
        CompletableFuture<ForwardConsumer> waiting;
        synchronized (this) {
            running.put(name, consumer);
            waiting = awaited.remove(name);
        }
        if (waiting != null) {
            waiting.completeAsync(() -> consumer);
        }
    }

    synchronized void remove(String name, ForwardConsumer consumer) {
        running.remove(name, consumer);
    }

    /** The route that has the name, or will have it in a moment; fails if none has. */
    synchronized CompletionStage<ForwardConsumer> find(String name) {
        ForwardConsumer consumer = running.get(name);
        return consumer != null
                ? CompletableFuture.completedStage(consumer)
                : awaited.computeIfAbsent(name, x -> new CompletableFuture<ForwardConsumer>()
                        .orTimeout(RELOAD_SECONDS, TimeUnit.SECONDS));
    }
}
