package org.needle.edge;

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
    final Doors doors;
    final Paths paths = new Paths(this);
    final Messages messages = new Messages();
    final Sockets sockets = new Sockets();
    final Counters counters = new Counters();
    final Map<EventLoop, DeliveryLoop> loops = new ConcurrentHashMap<>();
    /** The connections that speak HTTP/2. */
    final ChannelGroup http2 = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    volatile boolean draining;
    volatile OtherPaths otherPaths = OtherPaths.NONE;

    EdgeContext(Hub hub, EdgeSettings settings) {
        this.hub = hub;
        this.settings = settings;
        this.addresses = new Addresses(settings.callers());
        this.confirmations = new Confirmations(hub);
        this.sessions = new Sessions(settings, addresses);
        this.doors = new Doors(settings.callers().access(), sessions);
    }

    DeliveryLoop loopOf(Channel channel) {
        DeliveryLoop loop = loops.get(channel.eventLoop());
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
