package org.needle.lab;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/**
 * Removes headers.
 *
 * @param asks names of those that requests lose
 * @param answers names of those that responses lose
 */
public record StripHeaders(List<String> asks, List<String> answers) implements Fault {
    @Override
    public Stage at(Place place) {
        return new Stage.Through(place) {
            @Override
            public void up(Piece piece) {
                if (piece instanceof Piece.Ask ask) {
                    strip(ask.head().headers(), asks);
                }
                place.up(piece);
            }

            @Override
            public void down(Piece piece) {
                if (piece instanceof Piece.Answer answer) {
                    strip(answer.head().headers(), answers);
                }
                place.down(piece);
            }
        };
    }

    private static void strip(HttpHeaders headers, List<String> names) {
        names.forEach(headers::remove);
    }
}
