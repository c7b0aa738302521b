package org.needle.lab;

/** One fault at work on one connection, in the connection's event loop. What it does not override passes as it came. */
interface Stage {

    /** A piece on its way from the client to the server. */
    void up(Piece piece);

    /** A piece on its way from the server to the client. */
    void down(Piece piece);

    /** Another profile takes over and the connection stays: what is held goes on. */
    default void leave() {}

    /** The connection is over: what is held is released. */
    default void over() {}

    /** Does nothing, and is what others override. */
    class Through implements Stage {
        final Place place;

        Through(Place place) {
            this.place = place;
        }

        @Override
        public void up(Piece piece) {
            place.up(piece);
        }

        @Override
        public void down(Piece piece) {
            place.down(piece);
        }
    }
}
