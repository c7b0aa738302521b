package org.needle.matrix;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.needle.conformance.OpenEdge;
import org.needle.hub.Content;

/** Publishes numbered events at a rate, each with the time of its publish: {@code {"n":7,"at":1700000000000}}. One thread for all. */
public final class Flows implements AutoCloseable {
    private static final long TICK_MILLIS = 5;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "flows");
        made.setDaemon(true);
        return made;
    });

    /**
     * Begins at once and returns.
     *
     * @param edge asked anew for each event, since a gateway may be restarted
     * @param to the number after the last one
     * @param rate events a second
     */
    public void start(Supplier<OpenEdge> edge, String topic, int from, int to, double rate) {
        new Flow(edge, topic, to, rate / 1_000).start(from);
    }

    private final class Flow implements Runnable {
        private final Supplier<OpenEdge> edge;
        private final String topic;
        private final int end;
        private final double perMilli;
        private final long start = System.nanoTime();
        private int first;
        private int next;
        private ScheduledFuture<?> ticks;

        Flow(Supplier<OpenEdge> edge, String topic, int end, double perMilli) {
            this.edge = edge;
            this.topic = topic;
            this.end = end;
            this.perMilli = perMilli;
        }

        void start(int from) {
            first = from;
            next = from;
            ticks = thread.scheduleAtFixedRate(this, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }

        @Override
        public void run() {
            double millis = (System.nanoTime() - start) / 1e6;
            int due = Math.min(end, first + 1 + (int) (millis * perMilli));
            while (next < due) {
                String data = "{\"n\":" + next++ + ",\"at\":" + System.currentTimeMillis() + "}";
                edge.get().publishLater(topic, Content.text(null, data));
            }
            if (next == end) {
                ticks.cancel(false);
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
