package org.needle.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** The frames that a server writes (RFC 6455, 5.2): whole, unmasked. They go out as bytes, so one can be shared by all. */
final class WsFrames {
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    /** Close codes (RFC 6455, 7.4.1). */
    static final int NORMAL = 1000;

    static final int POLICY = 1008;
    static final int TOO_BIG = 1009;
    static final int RESTART = 1012;

    /** Close codes of our own, like the HTTP status with the same end. */
    static final int UNAUTHORIZED = 4401;

    static final int FORBIDDEN = 4403;

    private static final int FINAL = 0x80;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    private WsFrames() {}

    static ByteBuf frame(int opcode, byte[] payload, ByteBufAllocator alloc) {
        ByteBuf out = alloc.directBuffer(payload.length + 10).writeByte(FINAL | opcode);
        if (payload.length < LENGTH_16) {
            out.writeByte(payload.length);
        } else if (payload.length < 1 << 16) {
            out.writeByte(LENGTH_16).writeShort(payload.length);
        } else {
            out.writeByte(LENGTH_64).writeLong(payload.length);
        }
        return out.writeBytes(payload);
    }

    /** @param reason at most 123 bytes of ASCII */
    static ByteBuf close(int code, String reason, ByteBufAllocator alloc) {
        byte[] text = reason.getBytes(StandardCharsets.US_ASCII);
        byte[] payload = new byte[text.length + 2];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, text.length);
        return frame(CLOSE, payload, alloc);
    }
}
