package org.needle.edge;

/**
 * One session that follows one filter: it is in the audience of the events behind {@code since}, the head of the log when it began. Those
 * behind {@code from} it gets, or says that it has: all, if it went on from a position.
 * Guarded by the monitor of {@link Confirmations}.
 */
final class Follow {
    private final Session session;
    private final Followers followers;
    private final long since;
    private final long from;
    /** Place among the followers; below 0: it is none of them any more. */
    int index;

    Follow(Session session, Followers followers, long since, long from) {
        this.session = session;
        this.followers = followers;
        this.since = since;
        this.from = from;
    }

    Session session() {
        return session;
    }

    Followers followers() {
        return followers;
    }

    long since() {
        return since;
    }

    long from() {
        return from;
    }

    boolean isOver() {
        return index < 0;
    }
}
