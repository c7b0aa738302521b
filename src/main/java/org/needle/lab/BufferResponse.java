package org.needle.lab;

import io.netty.handler.codec.http.HttpResponse;

/**
 * Holds each response to its end. More than {@link #SPILL} bytes of one go on at once, as they do in real boxes when their disk is full.
 *
 * @param headToo whether the head waits as well, as it does in boxes that look at the whole before they say anything
 * @param obedient whether {@code X-Accel-Buffering: no} is honoured
 */
public record BufferResponse(boolean headToo, boolean obedient) implements Fault {
    static final int SPILL = 16 << 20;

    @Override
    public Stage at(Place place) {
        return new Buffering(place);
    }

    private final class Buffering extends Stage.Through {
        private final Held held;

        Buffering(Place place) {
            super(place);
            held = Held.down(place);
        }

        @Override
        public void down(Piece piece) {
            if (waits(piece)) {
                held.add(piece);
                if (held.bytes() > SPILL) {
                    held.release(place.now());
                }
            } else {
                held.release(place.now());
                place.down(piece);
            }
        }

        private boolean waits(Piece piece) {
            if (piece instanceof Piece.Answer answer) {
                return headToo && answer.isStream() && holds(answer.head());
            }
            return piece instanceof Piece.Body body && body.of() instanceof HttpResponse head && holds(head);
        }

        private boolean holds(HttpResponse head) {
            return !obedient || !head.headers().contains("X-Accel-Buffering", "no", true);
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
