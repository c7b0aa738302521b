package org.needle.edge;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.needle.access.Grant;
import org.needle.hub.SystemClock;
import org.needle.path.Rung;

/**
 * One client, over all its connections. Usually it has one; two while it changes transport: the old one is ended when the new
 * one is proved, so that a client never depends on a transport that has only been opened.
 *
 * <p>Guarded by its monitor: connections of one session may live on different event loops.
 */
final class Session {
    /** Of streams, and as many polls. */
    private static final int MAX_CONNECTIONS = 4;

    private final String id;
    private volatile String resume;
    private final Origin origin;
    private final Allowance messages;
    private final Allowance receipts;
    private volatile Grant grant;
    private final List<Subscriber> connections = new ArrayList<>(1);
    private final Standing standing = new Standing();
    private final SessionPath path = new SessionPath();
    private long leftAt = SystemClock.nanos();

    /**
     * Where a session began.
     *
     * @param shares what it may send
     */
    record Origin(InetAddress address, EdgeSettings.Shares shares) {}

    Session(String id, String resume, Grant grant, Origin origin) {
        this.id = id;
        this.resume = resume;
        this.grant = grant;
        this.origin = origin;
        this.messages = new Allowance(origin.shares().messages(), leftAt);
        this.receipts = new Allowance(origin.shares().receipts(), leftAt);
    }

    String id() {
        return id;
    }

    /** The secret that only this session's client knows. */
    String resume() {
        return resume;
    }

    /** It goes on with a client that cannot have its secret: from now on it is another one. */
    void renew(String secret) {
        resume = secret;
    }

    synchronized boolean isConnected() {
        return !connections.isEmpty();
    }

    /** The address that it began at. */
    InetAddress from() {
        return origin.address();
    }

    /** What it may send. */
    Allowance messages() {
        return messages;
    }

    Allowance receipts() {
        return receipts;
    }

    /** How far its client has come. */
    Standing standing() {
        return standing;
    }

    /** What is known of the network between. */
    SessionPath path() {
        return path;
    }

    /** What its client may do by the token that it showed last. */
    Grant grant() {
        return grant;
    }

    void grant(Grant shown) {
        grant = shown;
    }

    /** Whether it belongs to whom {@code shown} names. */
    boolean isOf(Grant shown) {
        return Objects.equals(grant.subject(), shown.subject());
    }

    /** One too many ends the oldest of its kind: a poll never ends a stream. */
    void connect(Subscriber connection) {
        List<Subscriber> alike;
        synchronized (this) {
            alike = connections.stream()
                    .filter(other -> other.isPoll() == connection.isPoll())
                    .toList();
            connections.add(connection);
        }
        if (alike.size() >= MAX_CONNECTIONS) {
            alike.get(0).replaced();
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

    synchronized List<Subscriber> connections() {
        return List.copyOf(connections);
    }

    /** Its streams are to be told of another transport, on which somebody wants to reach the client. Any thread. */
    void order(Rung wanted) {
        List<Subscriber> streams;
        synchronized (this) {
            streams = List.copyOf(connections);
        }
        for (Subscriber stream : streams) {
            if (stream instanceof PacedSubscriber paced) {
                paced.channel.eventLoop().execute(() -> paced.order(wanted));
            }
        }
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
