package org.needle.lab;

import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The stage of faults that answer requests themselves instead of letting them through. */
class Guard extends Stage.Through {
    private final Function<HttpRequest, @Nullable Reply> verdict;
    private @Nullable HttpMessage answered;

    /** What is answered. */
    record Reply(int status, String body, Map<String, String> headers) {
        static Reply of(int status, String body) {
            return new Reply(status, body, Map.of());
        }
    }

    /** @param verdict what to answer to a request; null lets it pass */
    Guard(Place place, Function<HttpRequest, @Nullable Reply> verdict) {
        super(place);
        this.verdict = verdict;
    }

    @Override
    public void up(Piece piece) {
        if (piece instanceof Piece.Ask ask) {
            Reply reply = verdict.apply(ask.head());
            if (reply != null) {
                answered = ask.head();
                place.answer(ask.head(), reply);
                return;
            }
        }
        if (belongsToAnswered(piece)) {
            piece.release();
        } else {
            place.up(piece);
        }
    }

    private boolean belongsToAnswered(Piece piece) {
        return answered != null
                && ((piece instanceof Piece.Body body && body.of() == answered)
                        || (piece instanceof Piece.End end && end.of() == answered));
    }
}
