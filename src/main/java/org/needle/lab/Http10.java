package org.needle.lab;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/** Speaks HTTP/1.0 to the server and to the client: one request a connection, bodies that end with it, no upgrades. */
public record Http10() implements Fault {
    @Override
    public Stage at(Place place) {
        return new Stage.Through(place) {
            @Override
            public void up(Piece piece) {
                if (piece instanceof Piece.Ask ask) {
                    makeOld(ask.head());
                }
                place.up(piece);
            }

            @Override
            public void down(Piece piece) {
                if (piece instanceof Piece.Answer answer) {
                    answer.head().setProtocolVersion(HttpVersion.HTTP_1_0);
                    Piece.endWithConnection(answer.head());
                }
                place.down(piece);
            }
        };
    }

    private static void makeOld(HttpRequest ask) {
        ask.setProtocolVersion(HttpVersion.HTTP_1_0);
        ask.headers().remove(HttpHeaderNames.UPGRADE);
        ask.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
}
