package org.needle.edge;

import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How far the client of a private topic has come, and how far its upstream may be ahead of that. While somebody waits for the client
 * it is looked at every few ms, less and less often; else nothing runs.
 *
 * <p>Guarded by its monitor; a subscriber is looked at on its event loop only.
 */
final class Pace {
    private static final int FIRST_LOOK_MS = 4;
    private static final int LAST_LOOK_MS = 256;

    /** Whom it concerns. */
    interface Listener {
        /** Whether the client is to be told that it has all. */
        boolean isOver();

        /** The subscriber has been handed everything up to {@code offset}. Called on its event loop. */
        void reached(Subscriber subscriber, long offset);
    }

    private record Part(long offset, int size) {}

    private final Session session;
    private final long ahead;
    private final Listener listener;

    // guarded by this
    private final Queue<Part> unsent = new ArrayDeque<>();
    private long bytes;
    private @Nullable CompletableFuture<Void> room;
    private boolean looking;

    Pace(Session session, long ahead, Listener listener) {
        this.session = session;
        this.ahead = ahead;
        this.listener = listener;
    }

    /** An event has come; complete when another one may. */
    CompletableFuture<Void> add(long offset, int size) {
        CompletableFuture<Void> wait;
        synchronized (this) {
            unsent.add(new Part(offset, size));
            bytes += size;
            if (bytes < ahead) {
                return CompletableFuture.completedFuture(null);
            }
            wait = new CompletableFuture<>();
            room = wait;
        }
        look();
        return wait;
    }

    /** The client has been handed everything up to {@code offset}, on whatever connection. */
    void sent(long offset) {
        CompletableFuture<Void> granted = null;
        synchronized (this) {
            for (Part next = unsent.peek(); next != null && next.offset() <= offset; next = unsent.peek()) {
                bytes -= next.size();
                unsent.remove();
            }
            if (bytes <= ahead / 2) {
                granted = room;
                room = null;
            }
        }
        if (granted != null) {
            granted.complete(null);
        }
    }

    /** Something has changed that somebody may wait for. */
    void look() {
        look(FIRST_LOOK_MS);
    }

    private void look(int ms) {
        boolean connected = !session.connections().isEmpty();
        synchronized (this) {
            if (looking || !connected || !(room != null || listener.isOver())) {
                return; // who connects looks again
            }
            looking = true;
        }
        for (Subscriber subscriber : session.connections()) {
            subscriber.channel.eventLoop().execute(() -> look(subscriber));
        }
        GlobalEventExecutor.INSTANCE.schedule(() -> again(ms), ms, TimeUnit.MILLISECONDS);
    }

    private void again(int ms) {
        synchronized (this) {
            looking = false;
        }
        look(Math.min(2 * ms, LAST_LOOK_MS));
    }

    private void look(Subscriber subscriber) {
        if (subscriber.isFollowing()) {
            long offset = subscriber.subscription().offset();
            sent(offset);
            listener.reached(subscriber, offset);
        }
    }
}
