package org.needle.lab;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Changes one byte at each place that matches in bodies of responses, as filters do that mask what they take for a secret. The length
 * stays. A place that lies across two chunks is not seen.
 *
 * @param types regular expression for the media types whose bodies are looked into
 * @param places regular expression; the byte behind each match is changed
 */
public record Rewrite(Pattern types, Pattern places) implements Fault {
    @Override
    public Stage at(Place place) {
        return new Stage.Through(place) {
            @Override
            public void down(Piece piece) {
                if (piece instanceof Piece.Body body && isLookedInto(body.of())) {
                    place.down(new Piece.Body(body.of(), changed(body.bytes()), body.at()));
                } else {
                    place.down(piece);
                }
            }
        };
    }

    private boolean isLookedInto(HttpMessage of) {
        return of instanceof HttpResponse
                && types.matcher(of.headers().get(HttpHeaderNames.CONTENT_TYPE, ""))
                        .lookingAt();
    }

    private ByteBuf changed(ByteBuf original) {
        String text = original.toString(StandardCharsets.ISO_8859_1);
        original.release();
        StringBuilder changed = new StringBuilder(text);
        for (Matcher match = places.matcher(text); match.find(); ) {
            if (match.end() < text.length()) {
                changed.setCharAt(match.end(), text.charAt(match.end()) == '~' ? '-' : '~');
            }
        }
        return Unpooled.wrappedBuffer(changed.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
