package org.needle.lab;

/** Holds the last chunk of a response's body until the next one comes. Chunks that arrive together are one. */
public record LateByOne() implements Fault {
    @Override
    public Stage at(Place place) {
        return new Late(place);
    }

    private static final class Late extends Stage.Through {
        private final Held held;

        Late(Place place) {
            super(place);
            held = Held.down(place);
        }

        @Override
        public void down(Piece piece) {
            Piece last = held.oldest();
            if (last != null && !(piece instanceof Piece.Body && last.at() == piece.at())) {
                held.release(piece.at());
            }
            if (piece instanceof Piece.Body) {
                held.add(piece);
            } else {
                place.down(piece);
            }
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
