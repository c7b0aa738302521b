package org.needle.lab;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMessage;
import org.jspecify.annotations.Nullable;

/**
 * Forwards a response's body in full blocks only, and the rest at its end.
 *
 * @param size of a block in bytes
 */
public record BufferBlocks(int size) implements Fault {
    @Override
    public Stage at(Place place) {
        return new Blocks(place);
    }

    private final class Blocks extends Stage.Through {
        private final CompositeByteBuf block = Unpooled.compositeBuffer(Integer.MAX_VALUE);
        private @Nullable HttpMessage of;

        Blocks(Place place) {
            super(place);
        }

        @Override
        public void down(Piece piece) {
            if (piece instanceof Piece.Body body) {
                of = body.of();
                block.addComponent(true, body.bytes());
                while (block.readableBytes() >= size) {
                    pass(body.of(), size, piece.at());
                }
            } else {
                leave();
                place.down(piece);
            }
        }

        private void pass(HttpMessage head, int length, long at) {
            ByteBuf full = block.readBytes(length);
            block.discardReadComponents();
            place.down(new Piece.Body(head, full, at));
        }

        @Override
        public void leave() {
            if (of != null && block.isReadable()) {
                pass(of, block.readableBytes(), place.now());
            }
        }

        @Override
        public void over() {
            block.release();
        }
    }
}
