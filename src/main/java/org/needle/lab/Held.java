package org.needle.lab;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Pieces that wait in order. With {@link #MOST} bytes of them nothing more is read from where they come. Owned by the connection's loop. */
final class Held {
    static final int MOST = 32 << 20;

    private final Deque<Piece> pieces = new ArrayDeque<>();
    private final Consumer<Piece> onward;
    private final Consumer<Boolean> reading;
    private long bytes;

    private Held(Consumer<Piece> onward, Consumer<Boolean> reading) {
        this.onward = onward;
        this.reading = reading;
    }

    /** For what goes to the client. */
    static Held down(Place place) {
        return new Held(place::down, place::readServer);
    }

    /** For what goes to the server. */
    static Held up(Place place) {
        return new Held(place::up, place::readClient);
    }

    void add(Piece piece) {
        pieces.add(piece);
        bytes += piece.size();
        if (bytes >= MOST) {
            reading.accept(false);
        }
    }

    /** The oldest goes on, as if it had arrived now or then. */
    void releaseOne(long at) {
        Piece piece = poll();
        if (piece != null) {
            onward.accept(piece.at(Math.max(at, piece.at())));
        }
    }

    /** All go on. */
    void release(long at) {
        while (!pieces.isEmpty()) {
            releaseOne(at);
        }
    }

    void drop() {
        for (Piece piece = poll(); piece != null; piece = poll()) {
            piece.release();
        }
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    @Nullable
    Piece oldest() {
        return pieces.peek();
    }

    long bytes() {
        return bytes;
    }

    private @Nullable Piece poll() {
        Piece piece = pieces.poll();
        if (piece != null) {
            boolean full = bytes >= MOST;
            bytes -= piece.size();
            if (full && bytes < MOST) {
                reading.accept(true);
            }
        }
        return piece;
    }
}
