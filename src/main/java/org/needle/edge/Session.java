package org.needle.edge;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.needle.hub.SystemClock;

/**
 * One client, over all its connections. Usually it has one; two while it changes transport: the old one is ended when the new
 * one is proved, so that a client never depends on a transport that has only been opened.
 *
 * <p>Guarded by its monitor: connections of one session may live on different event loops.
 */
final class Session {
    private static final int MAX_CONNECTIONS = 4;

    private final String id;
    private final String resume;
    private final InetAddress from;
    private final Allowance messages;
    private final Allowance receipts;
    private final List<Subscriber> connections = new ArrayList<>(1);
    private long leftAt = SystemClock.nanos();

    Session(String id, String resume, InetAddress from, EdgeSettings.Shares shares) {
        this.id = id;
        this.resume = resume;
        this.from = from;
        this.messages = new Allowance(shares.messages(), leftAt);
        this.receipts = new Allowance(shares.receipts(), leftAt);
    }

    String id() {
        return id;
    }

    /** The secret that only this session's client knows. */
    String resume() {
        return resume;
    }

    /** The address that it began at. */
    InetAddress from() {
        return from;
    }

    /** What it may send. */
    Allowance messages() {
        return messages;
    }

    Allowance receipts() {
        return receipts;
    }

    void connect(Subscriber connection) {
        Subscriber oldest = null;
        synchronized (this) {
            if (connections.size() == MAX_CONNECTIONS) {
                oldest = connections.get(0);
            }
            connections.add(connection);
        }
        if (oldest != null) {
            oldest.replaced();
        }
    }

    synchronized void disconnect(Subscriber connection) {
        connections.remove(connection);
        leftAt = SystemClock.nanos();
    }

    /** Data has come through on {@code connection}: those opened before it are no longer needed. */
    void proved(Subscriber connection) {
        List<Subscriber> older;
        synchronized (this) {
            int index = connections.indexOf(connection);
            older = index < 1 ? List.of() : List.copyOf(connections.subList(0, index));
        }
        older.forEach(Subscriber::replaced);
    }

    /** The connection with that nonce, or null. */
    synchronized @Nullable Subscriber connection(String nonce) {
        for (Subscriber connection : connections) {
            if (connection.nonce().equals(nonce)) {
                return connection;
            }
        }
        return null;
    }

    /** True if nobody has been connected since {@code keep} ns before {@code now}. */
    synchronized boolean isOver(long now, long keep) {
        return connections.isEmpty() && now - leftAt > keep;
    }
}
