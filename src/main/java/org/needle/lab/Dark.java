package org.needle.lab;

import java.util.List;

/**
 * Nothing passes at certain times, as in a tunnel of the railway. What is under way then arrives afterwards, as TCP has it.
 *
 * @param periods when, in ms of the profile
 */
public record Dark(List<Period> periods) implements Fault {

    /** From one time to another. */
    public record Period(long from, long until) {}

    @Override
    public Stage at(Place place) {
        return new Waiting(place);
    }

    private final class Waiting extends Stage.Through {
        private final Held toServer;
        private final Held toClient;
        private boolean dark;

        Waiting(Place place) {
            super(place);
            toServer = Held.up(place);
            toClient = Held.down(place);
            periods.forEach(this::keep);
        }

        private void keep(Period period) {
            long elapsed = place.elapsed();
            if (elapsed < period.until()) {
                if (elapsed >= period.from()) {
                    dark = true;
                } else {
                    place.after(period.from() - elapsed, () -> dark = true);
                }
                place.after(period.until() - elapsed, this::leave);
            }
        }

        @Override
        public void up(Piece piece) {
            if (dark) {
                toServer.add(piece);
            } else {
                place.up(piece);
            }
        }

        @Override
        public void down(Piece piece) {
            if (dark) {
                toClient.add(piece);
            } else {
                place.down(piece);
            }
        }

        @Override
        public void leave() {
            dark = false;
            toServer.release(place.now());
            toClient.release(place.now());
        }

        @Override
        public void over() {
            toServer.drop();
            toClient.drop();
        }
    }
}
