package org.needle.clients;

import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.needle.conformance.OpenEdge;
import org.needle.hub.Content;

/** Publishes numbered events at a rate, each with the time of its publish: {@code {"n":7,"at":1700000000000}}. One thread for all. */
final class Flows implements AutoCloseable {
    private static final long TICK_MILLIS = 5;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "flows");
        made.setDaemon(true);
        return made;
    });

    /** @param query topic, the numbers from and to (without), and the rate in a second */
    void start(Supplier<OpenEdge> edge, Map<String, String> query) {
        new Flow(
                        edge,
                        query.get("topic"),
                        Integer.parseInt(query.get("to")),
                        Double.parseDouble(query.get("rate")) / 1_000)
                .start(Integer.parseInt(query.get("from")));
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
