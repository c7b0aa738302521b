package org.needle.client;

import java.net.URI;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.needle.path.Rung;
import org.needle.wire.ServerFrame;

/**
 * The one stream of events that all connections together are: the session, and what has been delivered. The owner's thread only.
 */
final class Stream {
    private static final String SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final int LENGTH = 24;

    private final Following following;
    private final FollowListener listener;
    private final RandomGenerator chance;
    private final Cursor cursor;
    private @Nullable String session;
    private @Nullable String resume;
    private ServerFrame.@Nullable Hole hole;

    Stream(Following following, FollowListener listener, RandomGenerator chance) {
        this.following = following;
        this.listener = listener;
        this.chance = chance;
        this.cursor = new Cursor(following.position());
    }

    /** Whether it has a session. */
    boolean hasBegun() {
        return resume != null;
    }

    /** Whether connections can be merged: before that, each would begin somewhere else, and before the first hello be a session of its own. */
    boolean canBeJoined() {
        return hasBegun() && position() != null;
    }

    @Nullable
    String position() {
        return cursor.position();
    }

    Cursor.Place place() {
        return cursor.place();
    }

    /** A request for what comes next, to the gateway {@code base}. */
    Ask ask(URI base, Rung rung, long hold) {
        String name = session == null || resume == null ? random() : session;
        Ask.Pass pass = new Ask.Pass(name, resume, following.token().get(), !rung.isPoll());
        return new Ask(base, following.topics(), rung, pass, cursor.position(), hold);
    }

    /** The gateway does not know this session as ours: another one. */
    void forget() {
        session = null;
        resume = null;
    }

    /** Delivers; false if the connection has to begin anew. */
    boolean take(Trial trial, ServerFrame frame) {
        if (frame instanceof ServerFrame.Event event) {
            return event(trial, event);
        } else if (frame instanceof ServerFrame.Hole gone) {
            return gap(trial, gone);
        } else if (frame instanceof ServerFrame.Hello hello) {
            return hello(trial, hello);
        } else if (frame instanceof ServerFrame.Tick tick) {
            reach(trial, tick.position());
        }
        return true;
    }

    private boolean hello(Trial trial, ServerFrame.Hello hello) {
        boolean late = resume != null && trial.ask.position() == null && cursor.position() != null;
        if (late) {
            return false;
        }
        if (resume == null || hello.session().equals(session)) {
            session = hello.session();
            resume = hello.resume();
        }
        if (!trial.rung().isPoll()) {
            reach(trial, hello.position());
        }
        return true;
    }

    private boolean event(Trial trial, ServerFrame.Event event) {
        Cursor.Taken taken = cursor.take(trial.place, event.id());
        trial.due.arrived(event.id());
        if (taken == Cursor.Taken.NEW) {
            hole = null;
            listener.event(event);
        }
        return taken != Cursor.Taken.LOST;
    }

    private boolean gap(Trial trial, ServerFrame.Hole gone) {
        if (!cursor.isLevel(trial.place)) {
            return false;
        }
        if (!gone.equals(hole)) {
            hole = gone;
            listener.gap(gone);
        }
        return true;
    }

    /** A connection says where it is, after everything before that. */
    void reach(Trial trial, String position) {
        cursor.reach(trial.place, position);
        trial.due.arrived(position);
    }

    /** An answer that ends says at its beginning where its end is. */
    void answered(Trial trial) {
        ServerFrame.Hello hello = trial.hello();
        if (hello != null && trial.rung().isPoll()) {
            cursor.reach(trial.place, hello.position());
        }
    }

    String random() {
        StringBuilder text = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            text.append(SIGNS.charAt(chance.nextInt(SIGNS.length())));
        }
        return text.toString();
    }
}
