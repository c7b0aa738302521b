package org.needle.lab;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers 403 to requests that accept a type, and in place of responses of that type.
 *
 * @param type a media type without parameters
 */
public record DenyType(String type) implements Fault {
    private static final int FORBIDDEN = 403;

    @Override
    public Stage at(Place place) {
        return new Denying(place);
    }

    private boolean names(HttpHeaders headers, CharSequence name) {
        return headers.getAll(name).stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains(type));
    }

    private final class Denying extends Guard {
        private @Nullable HttpMessage denied;

        Denying(Place place) {
            super(
                    place,
                    ask -> names(ask.headers(), HttpHeaderNames.ACCEPT)
                            ? Reply.of(FORBIDDEN, type + " is not allowed here\n")
                            : null);
        }

        @Override
        public void down(Piece piece) {
            if (piece instanceof Piece.Answer answer && names(answer.head().headers(), HttpHeaderNames.CONTENT_TYPE)) {
                deny(answer);
            } else if (denied != null && piece instanceof Piece.Body body && body.of() == denied) {
                piece.release();
            } else if (denied == null || !(piece instanceof Piece.End end) || end.of() != denied) {
                place.down(piece);
            }
        }

        /** The server's stream may never end, so its connection does. */
        private void deny(Piece.Answer answer) {
            HttpResponse head = answer.head();
            denied = head;
            Map<String, String> close = Map.of("Connection", HttpHeaderValues.CLOSE.toString());
            place.answer(answer.to(), new Reply(FORBIDDEN, type + " is not allowed here\n", close));
            place.up(new Piece.Gone(answer.at()));
        }
    }
}
