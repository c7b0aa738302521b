package org.needle.camel;

import java.io.IOException;
import java.math.BigInteger;
import java.net.BindException;
import java.security.SecureRandom;
import org.apache.camel.CamelContext;
import org.needle.edge.Edge;
import org.needle.hub.EventLog;
import org.needle.hub.Hub;
import org.needle.hub.SystemClock;
import org.needle.log.MemoryLog;
import org.needle.port.SharedPort;

/** The hub, its log and the public port of one Camel context. Started and closed once each, by one thread. */
final class Gateway implements AutoCloseable {
    private static final int EPOCH_BITS = 64;

    private final GatewaySettings settings;
    private final EventLog log = new MemoryLog(epoch(), SystemClock::millis);
    private final Hub hub;
    private final Edge edge;
    private final SharedPort port;
    /** An edge that could not start has nobody to send away. */
    private volatile boolean usable;

    /** Takes events from now on; the port is bound by {@link #bind}. */
    Gateway(GatewaySettings settings, CamelContext context) {
        this.settings = settings;
        this.hub = new Hub(log, settings.hub(), SystemClock::millis);
        this.edge = new Edge(hub, settings.edge());
        this.port = new SharedPort(edge, settings.edge(), context);
        hub.start();
    }

    /** @throws BindException naming the address, the property and what to do, if the port is taken */
    void bind() throws BindException {
        settings.edge().access().start();
        try {
            edge.start();
            usable = true;
        } catch (IOException e) {
            throw new BindException(e.getMessage() + ": stop what has it, or give " + PushComponent.PROPERTIES
                    + "port another number (-1 is any free one)");
        }
    }

    GatewaySettings settings() {
        return settings;
    }

    Hub hub() {
        return hub;
    }

    Edge edge() {
        return edge;
    }

    /** The address to tell a user, or an empty string if the port is off. */
    String address() {
        String host = settings.edge().host();
        return edge.port() == 0 ? "" : "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + edge.port();
    }

    /** Begins to send subscribers away; returns at once. */
    void drain() {
        if (usable) {
            edge.drain();
        }
    }

    /** Waits for those who are being sent away, for at most the time that draining may take. */
    @Override
    public void close() {
        if (usable) {
            edge.close();
        }
        settings.edge().access().stop();
        port.close();
        log.close();
    }

    /** Random, so that no two logs ever share it: a position of another log must not be misread. */
    private static String epoch() {
        return new BigInteger(EPOCH_BITS, new SecureRandom()).toString(Character.MAX_RADIX);
    }
}
