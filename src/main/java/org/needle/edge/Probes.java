package org.needle.edge;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * While legs wait, looks for evidence that clients have got what they were sent which say nothing by themselves. Stands still while
 * nobody waits. Callable from any thread; each loop looks after its own subscribers.
 */
final class Probes {
    private static final long EVERY_MS = 100;
    /** What has just been published is on its way. */
    private static final long SOON_MS = 10;

    private final EdgeContext edge;
    private final Map<DeliveryLoop, AtomicBoolean> running = new ConcurrentHashMap<>();

    Probes(EdgeContext edge) {
        this.edge = edge;
    }

    /** Somebody waits. */
    void begin() {
        edge.loops.values().forEach(loop -> begin(loop, SOON_MS));
    }

    private void begin(DeliveryLoop loop, long in) {
        AtomicBoolean runs = running.computeIfAbsent(loop, x -> new AtomicBoolean());
        if (runs.compareAndSet(false, true)) {
            loop.executor().schedule(() -> run(loop, runs), in, TimeUnit.MILLISECONDS);
        }
    }

    private void run(DeliveryLoop loop, AtomicBoolean runs) {
        loop.probe();
        runs.set(false); // before the look: who begins to wait from now on begins it anew
        if (edge.confirmations.isAwaited()) {
            begin(loop, EVERY_MS);
        }
    }
}
