package org.needle.lab;

/**
 * Lets the 101 pass, and closes the connection some time later: both times in ms, chance says when between them.
 *
 * @param atLeast the earliest
 * @param atMost the latest
 */
public record KillAfterUpgrade(long atLeast, long atMost) implements Fault {
    @Override
    public Stage at(Place place) {
        return new Stage.Through(place) {
            @Override
            public void down(Piece piece) {
                place.down(piece);
                if (piece instanceof Piece.Answer answer && answer.isUpgrade()) {
                    place.after(place.chance().nextLong(atLeast, atMost + 1), () -> place.end(Ending.FIN));
                }
            }
        };
    }
}
