package org.needle.client;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.needle.conformance.OpenEdge;
import org.needle.hub.Content;

/** Publishes 0, 1, 2 … to one topic at a steady rate, in a thread of its own. */
final class Pump implements AutoCloseable {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong next = new AtomicLong();
    private final OpenEdge edge;
    private final String topic;

    Pump(OpenEdge edge, String topic, int perSecond) {
        this.edge = edge;
        this.topic = topic;
        thread.scheduleAtFixedRate(this::pump, 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
    }

    private void pump() {
        edge.publishLater(topic, Content.text(null, Long.toString(next.getAndIncrement())))
                .join();
    }

    /** Stops. @return how many were published */
    long stop() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("publishing hangs");
        }
        return next.get();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
