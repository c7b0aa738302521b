package org.needle.edge;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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
    /** A client that never had its hello, which boxes on the way may hold, comes back as somebody else: it is waited for only so long. */
    private static final long UNHEARD = TimeUnit.SECONDS.toNanos(5);
    /** The same after a poll, whose client knows no other session and may be on a slow way. */
    private static final long UNHEARD_POLL = TimeUnit.SECONDS.toNanos(10);

    private final String id;
    private volatile String resume;
    private final InetAddress from;
    // most clients never send anything
    private @Nullable Allowance messages;
    private @Nullable Allowance receipts;

    private volatile Grant grant;
    /** Oldest first; another list after each change. */
    private List<Subscriber> connections = List.of();

    private final Standing standing = new Standing();
    private final SessionPath path = new SessionPath();
    private long leftAt = SystemClock.nanos();
    /** For how long its client, who has to say what arrives and has neither done so nor come back, is waited for, in ns; 0: as for others. */
    private long unheard;

    /** @param from where it begins */
    Session(String id, String resume, Grant grant, InetAddress from) {
        this.id = id;
        this.resume = resume;
        this.grant = grant;
        this.from = from;
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
        return from;
    }

    /** Whether it may send a message now, which then counts as sent. */
    boolean sends(EdgeSettings.Shares shares) {
        long now = SystemClock.nanos();
        Allowance own;
        synchronized (this) {
            own = messages == null ? new Allowance(shares.messages(), now) : messages;
            messages = own;
        }
        return own.take(now);
    }

    /** The same of a receipt. */
    boolean confirms(EdgeSettings.Shares shares) {
        long now = SystemClock.nanos();
        Allowance own;
        synchronized (this) {
            own = receipts == null ? new Allowance(shares.receipts(), now) : receipts;
            receipts = own;
            unheard = 0;
        }
        return own.take(now);
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
            boolean heard = standing.last() != null;
            unheard = heard ? 0 : connection.isPoll() ? UNHEARD_POLL : connection.promisesReceipts() ? UNHEARD : 0;
            List<Subscriber> all = new ArrayList<>(connections);
            all.add(connection);
            connections = List.copyOf(all);
        }
        if (alike.size() >= MAX_CONNECTIONS) {
            alike.get(0).replaced();
        }
    }

    synchronized void disconnect(Subscriber connection) {
        List<Subscriber> rest = new ArrayList<>(connections);
        rest.remove(connection);
        connections = List.copyOf(rest);
        leftAt = SystemClock.nanos();
    }

    /** Data has come through on {@code connection}: those opened before it are no longer needed. */
    void proved(Subscriber connection) {
        List<Subscriber> older;
        synchronized (this) {
            int index = connections.indexOf(connection);
            older = index < 1 ? List.of() : connections.subList(0, index);
        }
        older.forEach(Subscriber::replaced);
    }

    synchronized List<Subscriber> connections() {
        return connections;
    }

    /** Its streams are to be told of another transport, on which somebody wants to reach the client. Any thread. */
    void order(Rung wanted) {
        for (Subscriber stream : connections()) {
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

    /** True if nobody has been connected since {@code keep} ns before {@code now}, and nobody is expected to come back. */
    synchronized boolean isOver(long now, long keep) {
        return connections.isEmpty() && now - leftAt > (unheard != 0 ? Math.min(keep, unheard) : keep);
    }
}
