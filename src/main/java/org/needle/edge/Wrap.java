package org.needle.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** How a frame is put into a connection's bytes. The wrapped frame is the same for all connections, so it is made once. */
enum Wrap {
    /** A chunk of an HTTP/1.1 body (RFC 9112, 7.1): a cut stream can be told from an ended one. */
    CHUNK {
        @Override
        ByteBuf around(byte[] frame, ByteBufAllocator alloc) {
            ByteBuf out = alloc.directBuffer(frame.length + 12);
            out.writeCharSequence(Integer.toHexString(frame.length), StandardCharsets.US_ASCII);
            return out.writeShort(CRLF).writeBytes(frame).writeShort(CRLF);
        }
    },
    /** An HTTP/1.0 body, which ends with the connection. */
    PLAIN {
        @Override
        ByteBuf around(byte[] frame, ByteBufAllocator alloc) {
            return alloc.directBuffer(frame.length).writeBytes(frame);
        }
    },
    /** One unmasked WebSocket text frame (RFC 6455, 5.2). */
    WEBSOCKET {
        @Override
        ByteBuf around(byte[] frame, ByteBufAllocator alloc) {
            return WsFrames.frame(WsFrames.TEXT, frame, alloc);
        }
    };

    private static final int CRLF = '\r' << 8 | '\n';

    /** The caller owns the buffer. {@code frame} must not be empty. */
    abstract ByteBuf around(byte[] frame, ByteBufAllocator alloc);
}
