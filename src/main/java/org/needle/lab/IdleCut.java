package org.needle.lab;

import java.util.concurrent.TimeUnit;

/**
 * Closes a connection after silence in both directions.
 *
 * @param millis how long it may be silent
 */
public record IdleCut(long millis) implements Fault {
    @Override
    public Stage at(Place place) {
        return new Watching(place, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static final class Watching extends Stage.Through {
        private final long limit;
        private long last;

        Watching(Place place, long limit) {
            super(place);
            this.limit = limit;
            this.last = place.now();
            place.at(last + limit, this::look);
        }

        @Override
        public void up(Piece piece) {
            last = place.now();
            place.up(piece);
        }

        @Override
        public void down(Piece piece) {
            last = place.now();
            place.down(piece);
        }

        private void look() {
            if (place.now() - last >= limit) {
                place.end(Ending.FIN);
            } else {
                place.at(last + limit, this::look);
            }
        }
    }
}
