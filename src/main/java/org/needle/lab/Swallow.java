package org.needle.lab;

/**
 * Passes the head of streams and the 101, and then nothing. Bodies of a known length pass. A connection of which something was swallowed
 * ends when another profile takes over: no box can go on behind bytes that it has not got any more.
 */
public record Swallow() implements Fault {
    @Override
    public Stage at(Place place) {
        return new Swallowing(place);
    }

    private static final class Swallowing extends Stage.Through {
        private boolean upgrading;
        private boolean silent;
        private boolean swallowed;

        Swallowing(Place place) {
            super(place);
            silent = place.isStreaming();
        }

        /** The client's own end passes: it is the box that is deaf, not the network. */
        @Override
        public void up(Piece piece) {
            if (silent && !(piece instanceof Piece.Gone)) {
                swallowed = true;
                piece.release();
            } else {
                place.up(piece);
            }
        }

        @Override
        public void down(Piece piece) {
            if (silent) {
                swallowed = true;
                piece.release();
                return;
            }
            if (piece instanceof Piece.Answer answer) {
                upgrading = answer.isUpgrade();
                silent = answer.isStream();
            }
            if (upgrading && piece instanceof Piece.End) {
                silent = true; // before it passes: what came together with the 101 follows at once
            }
            place.down(piece);
        }

        @Override
        public void leave() {
            if (swallowed) {
                place.end(Ending.RESET);
            }
        }
    }
}
