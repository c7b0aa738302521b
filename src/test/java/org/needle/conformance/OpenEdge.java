package org.needle.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.needle.Secrets;
import org.needle.access.Access;
import org.needle.edge.Edge;
import org.needle.edge.EdgeSettings;
import org.needle.edge.Io;
import org.needle.edge.TlsKeys;
import org.needle.hub.Content;
import org.needle.hub.Draft;
import org.needle.hub.Event;
import org.needle.hub.Hub;
import org.needle.hub.HubSettings;
import org.needle.hub.Slow;
import org.needle.hub.Topic;
import org.needle.hub.TopicSettings;
import org.needle.log.MemoryLog;

/** A hub and its edge on a free port, without Camel. Publishing is a method call; everything else goes over sockets. */
public final class OpenEdge implements AutoCloseable {
    private final AtomicLong skew;
    private final Hub hub;
    private final Edge edge;
    private final Plan plan;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** What a test wants to be different. */
    public record Plan(TopicSettings history, EdgeSettings edge) {
        static final Plan DEFAULT = new Plan(
                        new TopicSettings(200_000, 512L << 20, Duration.ofMinutes(10), Slow.GAP),
                        new EdgeSettings(
                                "127.0.0.1",
                                -1,
                                null,
                                new EdgeSettings.Loops(Io.AUTO, 2),
                                EdgeSettings.Limits.DEFAULT,
                                EdgeSettings.Timing.DEFAULT,
                                EdgeSettings.Callers.DEFAULT))
                .grace(Duration.ofMillis(100));

        public Plan keeping(int events) {
            return new Plan(new TopicSettings(events, history.bytes(), history.age(), history.slow()), edge);
        }

        /** Who may come. */
        public Plan letting(EdgeSettings.Callers callers) {
            EdgeSettings e = edge;
            return with(new EdgeSettings(e.host(), e.port(), e.tls(), e.loops(), e.limits(), e.timing(), callers));
        }

        /** A client may say as much as it likes. */
        public Plan talkative() {
            EdgeSettings.Callers c = edge.callers();
            EdgeSettings.Shares all = new EdgeSettings.Shares(1_000, 1_000, 1_000, 0, 0);
            return letting(new EdgeSettings.Callers(c.access(), c.origins(), c.proxies(), c.proxyProtocol(), all));
        }

        public Plan guardedBy(Access access) {
            EdgeSettings.Callers c = edge.callers();
            return letting(new EdgeSettings.Callers(access, c.origins(), c.proxies(), c.proxyProtocol(), c.shares()));
        }

        public Plan port(int port) {
            EdgeSettings e = edge;
            return with(new EdgeSettings(e.host(), port, e.tls(), e.loops(), e.limits(), e.timing(), e.callers()));
        }

        public Plan on(Io io) {
            EdgeSettings e = edge;
            EdgeSettings.Loops loops = new EdgeSettings.Loops(io, e.loops().count());
            return with(new EdgeSettings(e.host(), e.port(), e.tls(), loops, e.limits(), e.timing(), e.callers()));
        }

        /** Another port, with TLS. */
        public Plan tls(TlsKeys keys) {
            EdgeSettings e = edge;
            EdgeSettings.Tls tls = new EdgeSettings.Tls(-1, keys, EdgeSettings.Tls.Clients.NONE);
            return with(new EdgeSettings(e.host(), e.port(), tls, e.loops(), e.limits(), e.timing(), e.callers()));
        }

        public Plan within(EdgeSettings.Limits limits) {
            EdgeSettings e = edge;
            return with(new EdgeSettings(e.host(), e.port(), e.tls(), e.loops(), limits, e.timing(), e.callers()));
        }

        /** Signs of life this often; the other times are bounds that a test on a slow machine does not meet. */
        public Plan heartbeat(Duration every) {
            EdgeSettings.Timing t = edge.timing();
            return timed(new EdgeSettings.Timing(
                    every,
                    t.head(),
                    t.body(),
                    t.idle(),
                    t.maxWait(),
                    t.resume(),
                    t.stalled(),
                    t.drain(),
                    t.hold(),
                    t.life()));
        }

        /** How long a head, a body and an idle connection may take. */
        public Plan patience(Duration head, Duration body, Duration idle) {
            EdgeSettings.Timing t = edge.timing();
            return timed(new EdgeSettings.Timing(
                    t.heartbeat(),
                    head,
                    body,
                    idle,
                    t.maxWait(),
                    t.resume(),
                    t.stalled(),
                    t.drain(),
                    t.hold(),
                    t.life()));
        }

        /** How long a client may take nothing. */
        public Plan stalled(Duration time) {
            EdgeSettings.Timing t = edge.timing();
            return timed(new EdgeSettings.Timing(
                    t.heartbeat(),
                    t.head(),
                    t.body(),
                    t.idle(),
                    t.maxWait(),
                    t.resume(),
                    time,
                    t.drain(),
                    t.hold(),
                    t.life()));
        }

        /** How long stopping may take. */
        public Plan grace(Duration time) {
            EdgeSettings.Timing t = edge.timing();
            return timed(new EdgeSettings.Timing(
                    t.heartbeat(),
                    t.head(),
                    t.body(),
                    t.idle(),
                    t.maxWait(),
                    t.resume(),
                    t.stalled(),
                    time,
                    t.hold(),
                    t.life()));
        }

        /** How long an event may be on the response of a client that says nothing, and how old streams get. */
        public Plan holding(Duration hold, Duration life) {
            EdgeSettings.Timing t = edge.timing();
            return timed(new EdgeSettings.Timing(
                    t.heartbeat(),
                    t.head(),
                    t.body(),
                    t.idle(),
                    t.maxWait(),
                    t.resume(),
                    t.stalled(),
                    t.drain(),
                    hold,
                    life));
        }

        /** How long a session is remembered that nobody is connected to. */
        public Plan resumable(Duration time) {
            EdgeSettings.Timing t = edge.timing();
            return timed(new EdgeSettings.Timing(
                    t.heartbeat(),
                    t.head(),
                    t.body(),
                    t.idle(),
                    t.maxWait(),
                    time,
                    t.stalled(),
                    t.drain(),
                    t.hold(),
                    t.life()));
        }

        /** The longest that a poll waits. */
        public Plan waiting(Duration time) {
            EdgeSettings.Timing t = edge.timing();
            return timed(new EdgeSettings.Timing(
                    t.heartbeat(),
                    t.head(),
                    t.body(),
                    t.idle(),
                    time,
                    t.resume(),
                    t.stalled(),
                    t.drain(),
                    t.hold(),
                    t.life()));
        }

        private Plan timed(EdgeSettings.Timing timing) {
            EdgeSettings e = edge;
            return with(new EdgeSettings(e.host(), e.port(), e.tls(), e.loops(), e.limits(), timing, e.callers()));
        }

        private Plan with(EdgeSettings other) {
            return new Plan(history, other);
        }
    }

    private OpenEdge(Hub hub, Plan plan, AtomicLong skew) {
        this.hub = hub;
        this.plan = plan;
        this.skew = skew;
        this.edge = new Edge(hub, plan.edge());
        try {
            edge.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static OpenEdge start() {
        return start(plan -> plan);
    }

    public static OpenEdge start(UnaryOperator<Plan> changes) {
        Plan plan = changes.apply(Plan.DEFAULT);
        AtomicLong skew = new AtomicLong();
        String epoch = Long.toString(ThreadLocalRandom.current().nextLong(1L << 60, Long.MAX_VALUE), 36);
        HubSettings settings = new HubSettings(
                new TopicSettings.Rules(List.of(), plan.history()), 10_000, 4 << 20, 1L << 30, Duration.ofMinutes(10));
        LongSupplier clock = () -> System.currentTimeMillis() + skew.get();
        Hub hub = new Hub(new MemoryLog(epoch, clock), settings, clock);
        hub.start();
        return new OpenEdge(hub, plan, skew);
    }

    /**
     * Another edge on the same hub, as after a restart with a log that survives; on the same port if the plan has one. This one is
     * closed first.
     */
    public OpenEdge restart() {
        close();
        return new OpenEdge(hub, plan, skew);
    }

    public int port() {
        return edge.port();
    }

    public int tlsPort() {
        return edge.tlsPort();
    }

    public Edge edge() {
        return edge;
    }

    /** The sum of all meters of that name. */
    public long meter(String name) {
        return edge.meters().stream()
                .filter(meter -> meter.name().equals(name))
                .mapToLong(meter -> meter.value().getAsLong())
                .sum();
    }

    /** Whoever has left is known to have left: a client that comes back before that is taken for another one. */
    public void awaitNobody() {
        Subscriber.soon().until(() -> meter("needle.subscribers") == 0);
    }

    /** Publishes text and returns the event's id. */
    public String publish(String topic, String data) {
        return publish(topic, Content.text(null, data));
    }

    public String publish(String topic, Content content) {
        return publishLater(topic, content).join().position().toString();
    }

    public CompletableFuture<Event> publishLater(String topic, Content content) {
        return hub.publish(Draft.of(Topic.of(topic), content));
    }

    /** The hub's clock jumps ahead, and what is then too old goes. */
    public void pass(Duration time) {
        skew.addAndGet(time.toMillis());
        hub.sweep();
    }

    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            edge.meters().forEach(meter -> Secrets.said("metric", meter.name() + meter.tags()));
            edge.drain();
            edge.close();
        }
    }
}
