package org.needle.edge;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.needle.hub.Content;
import org.needle.hub.Draft;
import org.needle.hub.Event;
import org.needle.hub.Hub;
import org.needle.hub.HubSettings;
import org.needle.hub.SystemClock;
import org.needle.hub.Topic;
import org.needle.hub.TopicSettings;
import org.needle.log.MemoryLog;

/** A hub and an edge on a free port. */
final class TestEdge implements AutoCloseable {
    final Hub hub;
    final Edge edge;

    private TestEdge(Hub hub, Edge edge) {
        this.hub = hub;
        this.edge = edge;
    }

    static TestEdge start(TopicSettings topics, EdgeSettings.Timing timing) throws IOException {
        HubSettings settings = new HubSettings(
                new TopicSettings.Rules(List.of(), topics), 1_000, 4 << 20, 1L << 30, Duration.ofMinutes(1));
        Hub hub = new Hub(new MemoryLog("epoch1", SystemClock::millis), settings, SystemClock::millis);
        hub.start();
        Edge edge = new Edge(
                hub,
                new EdgeSettings(
                        "127.0.0.1",
                        -1,
                        null,
                        new EdgeSettings.Loops(Io.AUTO, 2),
                        EdgeSettings.Limits.DEFAULT,
                        timing,
                        EdgeSettings.Callers.DEFAULT));
        edge.start();
        return new TestEdge(hub, edge);
    }

    Event publish(String topic, byte[] data) {
        return hub.publish(Draft.of(Topic.of(topic), new Content(null, data, true)))
                .join();
    }

    /** The sum of all meters of that name. */
    long meter(String name) {
        return edge.meters().stream()
                .filter(meter -> meter.name().equals(name))
                .mapToLong(meter -> meter.value().getAsLong())
                .sum();
    }

    /** The timing of the product with another drain and stall limit. */
    static EdgeSettings.Timing timing(Duration stalled, Duration drain) {
        EdgeSettings.Timing usual = EdgeSettings.Timing.DEFAULT;
        return new EdgeSettings.Timing(
                usual.heartbeat(),
                usual.head(),
                usual.body(),
                usual.idle(),
                usual.maxWait(),
                usual.resume(),
                stalled,
                drain,
                usual.hold(),
                usual.life());
    }

    @Override
    public void close() {
        edge.close();
    }
}
