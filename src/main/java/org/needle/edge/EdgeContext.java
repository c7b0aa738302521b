package org.needle.edge;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.needle.hub.Hub;

/** What all connections of one edge share. Safe for use by all event loops. */
final class EdgeContext {
    final Hub hub;
    final EdgeSettings settings;
    final Addresses addresses;
    final Sessions sessions;
    final Confirmations confirmations;
    private final Probes probes;
    final Doors doors;
    final Paths paths;
    final Messages messages;
    final Sockets sockets;
    final Counters counters;
    final PrivateTopics privates;
    final Forwards forwards;
    final Map<EventLoop, DeliveryLoop> loops = new ConcurrentHashMap<>();
    /** The connections that speak HTTP/2. */
    final ChannelGroup http2;

    volatile boolean draining;
    volatile OtherPaths otherPaths = OtherPaths.NONE;

    EdgeContext(Hub hub, EdgeSettings settings) {
        this.hub = hub;
        this.settings = settings;
        this.addresses = new Addresses(settings.callers());
        this.probes = new Probes(this);
        this.confirmations = new Confirmations(hub, probes);
        this.sessions = new Sessions(settings, addresses, confirmations);
        this.doors = new Doors(settings.callers().access(), sessions);
        this.paths = new Paths(this);
        this.messages = new Messages();
        this.sockets = new Sockets();
        this.counters = new Counters();
        this.http2 = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        this.forwards = new Forwards();
        this.privates = new PrivateTopics(this);
    }

    /** The same edge over a hub of its own: what follows {@code hub} can be reached through this context only. */
    private EdgeContext(EdgeContext edge, Hub hub) {
        this.hub = hub;
        this.settings = edge.settings;
        this.addresses = edge.addresses;
        this.probes = edge.probes;
        this.confirmations = new Confirmations(hub, null);
        this.sessions = edge.sessions;
        this.doors = edge.doors;
        this.paths = edge.paths;
        this.messages = edge.messages;
        this.sockets = edge.sockets;
        this.counters = edge.counters;
        this.privates = edge.privates;
        this.forwards = edge.forwards;
        this.http2 = edge.http2;
        this.draining = edge.draining;
    }

    /** @throws Refusal 503 while stopping */
    void refuseWhileDraining() {
        if (draining) {
            throw new Refusal(503, "the gateway is stopping");
        }
    }

    EdgeContext over(Hub other) {
        return new EdgeContext(this, other);
    }

    DeliveryLoop loopOf(Channel channel) {
        DeliveryLoop loop = loops.get(channel.eventLoop());
        if (loop == null && privates.hub() != hub) {
            return loops.computeIfAbsent(
                    channel.eventLoop(), own -> new DeliveryLoop(hub, own, PooledByteBufAllocator.DEFAULT, 1));
        }
        if (loop == null) {
            throw new IllegalStateException("the channel runs on a foreign event loop");
        }
        return loop;
    }

    /** A delay in ms, spread over the drain period so that those sent away do not come back all at once. */
    long retryAfter() {
        long most = Math.max(1, settings.timing().drain().toMillis());
        return ThreadLocalRandom.current().nextLong(most / 10, most + 1);
    }

    boolean isFull() {
        return counters.subscribers() >= settings.limits().subscribers();
    }
}
