package org.needle.lab;

/**
 * Ends connections that ask for an upgrade.
 *
 * @param ending how
 */
public record RefuseUpgrade(Ending ending) implements Fault {
    @Override
    public Stage at(Place place) {
        return new Stage.Through(place) {
            @Override
            public void up(Piece piece) {
                if (piece instanceof Piece.Ask ask && ask.wantsUpgrade()) {
                    place.end(ending);
                } else {
                    place.up(piece);
                }
            }
        };
    }
}
