package org.needle.edge;

import org.jspecify.annotations.Nullable;
import org.needle.hub.Hub;
import org.needle.hub.Position;

/**
 * What has arrived: each session is confirmed up to a position, on the transport that brought it. Evidence of any strength comes
 * in here, the strongest that a client's connection gives: a receipt; the later position that it comes back or polls on
 * with; bytes that its socket took over a path that is known to hold nothing back.
 *
 * <p>Callable from any thread. Its monitor guards the {@link Standing} of every session and is a leaf: nothing else is locked
 * while it is held.
 */
final class Confirmations {
    private final Hub hub;

    Confirmations(Hub hub) {
        this.hub = hub;
    }

    /**
     * The client has everything that it follows up to {@code offset}. What is older than what it has confirmed already changes
     * nothing.
     *
     * @param offset of this log, and of nothing that the client has not been sent
     */
    synchronized void confirm(Session session, Transport transport, long offset) {
        if (offset > session.standing().confirmed()) {
            session.standing().confirmed(offset, transport);
        }
    }

    /**
     * As above, of a position in a client's own words; one of another log confirms nothing.
     *
     * @param sent up to where it has been sent everything
     */
    void confirm(Session session, Transport transport, @Nullable String position, long sent) {
        long offset = offset(position);
        if (offset >= 0) {
            confirm(session, transport, Math.min(offset, sent));
        }
    }

    /** A connection of the session has begun. Where it goes on from a position, the one before has brought what lies before that. */
    synchronized void joined(Session session, Join join) {
        Standing standing = session.standing();
        Transport before = standing.last();
        if (before != null) {
            confirm(session, before, join.position(), hub.head().offset());
        }
        standing.last(join.transport());
    }

    /** The offset of a position of this log, else -1. */
    long offset(@Nullable String text) {
        Position position = text == null ? null : Position.parse(text);
        return position != null && position.epoch().equals(hub.head().epoch()) ? position.offset() : -1;
    }
}
