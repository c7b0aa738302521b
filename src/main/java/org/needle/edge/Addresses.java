package org.needle.edge;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.needle.hub.SystemClock;

/**
 * What each address holds and sends: connections, sessions, messages without a session. An IPv6 client counts by its network
 * of 64 bits, of which it has all addresses. This machine and trusted proxies are not counted: all their clients would be one.
 * Bounded, because what an address no longer uses is forgotten. Callable from any thread.
 */
final class Addresses {
    private static final int MOST = 200_000;
    private static final int NETWORK = 8;

    private final Map<ByteBuffer, Visitor> visitors = new ConcurrentHashMap<>();
    private final EdgeSettings.Callers callers;

    Addresses(EdgeSettings.Callers callers) {
        this.callers = callers;
    }

    /** Guarded by the map's lock on its key. */
    private static final class Visitor {
        final Allowance messages;
        int connections;
        int sessions;

        Visitor(int perSecond) {
            messages = new Allowance(perSecond, SystemClock.nanos());
        }

        boolean isGone(long now) {
            return connections == 0 && sessions == 0 && messages.isFull(now);
        }
    }

    /** False if the address has as many connections as it may; else {@link #disconnect} must follow. */
    boolean connect(InetAddress address) {
        return visit(
                address, visitor -> visitor.connections++ < callers.shares().connections());
    }

    void disconnect(InetAddress address) {
        visit(address, visitor -> --visitor.connections >= 0);
    }

    /** False if the address has as many sessions as it may; else {@link #leave} must follow. */
    boolean enter(InetAddress address) {
        return visit(address, visitor -> visitor.sessions++ < callers.shares().sessions());
    }

    void leave(InetAddress address) {
        visit(address, visitor -> --visitor.sessions >= 0);
    }

    /** False if the address sends too much. */
    boolean send(InetAddress address) {
        return visit(address, visitor -> visitor.messages.take(SystemClock.nanos()));
    }

    private boolean visit(InetAddress address, Predicate<Visitor> visit) {
        if (address.isLoopbackAddress() || callers.proxies().trusts(address)) {
            return true;
        }
        boolean[] granted = new boolean[1];
        visitors.compute(key(address), (key, known) -> {
            if (known == null && visitors.size() >= MOST) {
                return null;
            }
            Visitor visitor = known == null ? new Visitor(callers.shares().messages()) : known;
            int connections = visitor.connections;
            int sessions = visitor.sessions;
            granted[0] = visit.test(visitor);
            if (!granted[0]) { // takes back what was one too many
                visitor.connections = connections;
                visitor.sessions = sessions;
            }
            return visitor;
        });
        return granted[0];
    }

    private static ByteBuffer key(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(address instanceof Inet6Address ? Arrays.copyOf(bytes, NETWORK) : bytes);
    }

    /** Forgets those that are gone. Call about once a second. */
    void sweep(long now) {
        for (ByteBuffer key : visitors.keySet()) {
            visitors.computeIfPresent(key, (same, visitor) -> visitor.isGone(now) ? null : visitor);
        }
    }

    int size() {
        return visitors.size();
    }
}
