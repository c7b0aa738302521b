package org.needle.lab;

import java.util.concurrent.TimeUnit;

/**
 * Delays every chunk on its way to the client, as a balancer does that waits for more. Heads pass at once.
 *
 * @param millis by how much
 */
public record DelayChunks(long millis) implements Fault {
    @Override
    public Stage at(Place place) {
        return new Delaying(place, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static final class Delaying extends Stage.Through {
        private final Held held;
        private final long nanos;

        Delaying(Place place, long nanos) {
            super(place);
            this.held = Held.down(place);
            this.nanos = nanos;
        }

        @Override
        public void down(Piece piece) {
            if (held.isEmpty() && piece instanceof Piece.Answer) {
                place.down(piece);
                return;
            }
            held.add(piece);
            long due = piece.at() + nanos;
            place.at(due, () -> held.releaseOne(due));
        }

        @Override
        public void leave() {
            held.release(place.now());
        }

        @Override
        public void over() {
            held.drop();
        }
    }
}
