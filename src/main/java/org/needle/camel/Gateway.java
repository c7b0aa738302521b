package org.needle.camel;

import java.io.IOException;
import java.math.BigInteger;
import java.net.BindException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.needle.edge.DevelopmentKeys;
import org.needle.edge.Edge;
import org.needle.edge.EdgeSettings;
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

    /** @throws IOException naming the address or file, the property and what to do, if a port cannot be opened */
    void bind() throws IOException {
        settings.edge().callers().access().start();
        try {
            edge.start();
            usable = true;
        } catch (BindException e) {
            throw new BindException(e.getMessage() + ": stop what has it, or give " + PushComponent.PROPERTIES
                    + "port or tls-port another number (-1 is any free one)");
        } catch (IOException e) {
            throw new IOException(
                    e.getMessage() + " (" + PushComponent.PROPERTIES + "tls-certificate and tls-key, or tls-port=0)",
                    e);
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

    /** The base URLs; empty if both ports are off. */
    List<String> urls() {
        String host = settings.edge().host();
        String name = host.contains(":") ? "[" + host + "]" : host;
        List<String> urls = new ArrayList<>();
        if (edge.port() != 0) {
            urls.add("http://" + name + ":" + edge.port());
        }
        if (edge.tlsPort() != 0) {
            urls.add("https://" + name + ":" + edge.tlsPort());
        }
        return urls;
    }

    /** A certificate that nobody vouches for is recognised by its fingerprint; empty for others, and without TLS. */
    String certificate() {
        EdgeSettings.Tls tls = settings.edge().tls();
        if (tls == null || !(tls.keys() instanceof DevelopmentKeys keys)) {
            return "";
        }
        try {
            return " (certificate for development, SHA-256 " + keys.fingerprint() + ")";
        } catch (IOException | GeneralSecurityException e) {
            return "";
        }
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
        port.close();
        if (usable) {
            edge.close();
        }
        settings.edge().callers().access().stop();
        log.close();
    }

    /** Random, so that no two logs ever share it: a position of another log must not be misread. */
    private static String epoch() {
        return new BigInteger(EPOCH_BITS, new SecureRandom()).toString(Character.MAX_RADIX);
    }
}
