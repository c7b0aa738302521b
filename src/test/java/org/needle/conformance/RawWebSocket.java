package org.needle.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A WebSocket whose frames are made by hand, so that they can be wrong (RFC 6455, 5.2). */
final class RawWebSocket implements AutoCloseable {
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    /** What the key above has to be answered with: the example of RFC 6455, 1.3. */
    static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    static final int TEXT = 0x81;
    static final int BINARY = 0x82;
    static final int CLOSE = 0x88;
    static final int PING = 0x89;
    static final int PONG = 0x8A;

    private final Wire wire;
    private final Wire.Head head;

    /** A frame as received: first byte, payload. */
    @SuppressWarnings("ArrayRecordComponent") // made here, compared by nobody
    record RawFrame(int first, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        JsonNode json() {
            return Frame.parse(text());
        }

        int status() {
            return payload.length < 2 ? 1005 : (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        }
    }

    RawWebSocket(int port, String target, String... headers) {
        wire = new Wire(port);
        List<String> lines = new ArrayList<>(List.of(
                "GET " + target + " HTTP/1.1",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: " + KEY));
        lines.addAll(List.of(headers));
        head = wire.send(lines.toArray(String[]::new)).head();
        if (head.status() != 101) {
            throw new AssertionError("no WebSocket but " + head);
        }
    }

    Wire.Head head() {
        return head;
    }

    Wire wire() {
        return wire;
    }

    RawWebSocket text(String text) {
        return frame(TEXT, true, text.getBytes(StandardCharsets.UTF_8));
    }

    /** @param first the first byte: FIN, RSV and opcode */
    RawWebSocket frame(int first, boolean masked, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        int mask = masked ? 0x80 : 0;
        int bits = 0;
        if (payload.length < 126) {
            out.write(mask | payload.length);
        } else if (payload.length < 1 << 16) {
            out.write(mask | 126);
            bits = 16;
        } else {
            out.write(mask | 127);
            bits = 64;
        }
        for (int shift = bits - 8; shift >= 0; shift -= 8) {
            out.write((int) ((long) payload.length >>> shift));
        }
        if (masked) {
            out.writeBytes(new byte[4]); // a mask of zeros: the payload travels as it is
        }
        out.writeBytes(payload);
        wire.raw(out.toByteArray());
        return this;
    }

    /** The next frame; the server never fragments and never masks. */
    RawFrame read() {
        byte[] start = wire.bytes(2);
        int length = start[1] & 0xff;
        if (length > 127) {
            throw new AssertionError("the server masks");
        }
        if (length > 125) {
            length = number(wire.bytes(length == 126 ? 2 : 8));
        }
        return new RawFrame(start[0] & 0xff, wire.bytes(length));
    }

    private static int number(byte[] bytes) {
        int value = 0;
        for (byte b : bytes) {
            value = value << 8 | (b & 0xff);
        }
        return value;
    }

    /** The next text frame that is neither tick nor ping. */
    JsonNode next() {
        while (true) {
            RawFrame frame = read();
            if (frame.first() == PING) {
                frame(PONG, true, frame.payload());
            } else if (frame.first() != TEXT) {
                throw new AssertionError("no text frame but " + frame.first() + " " + frame.text());
            } else if (!frame.json().path("control").asText().equals("tick")) {
                return frame.json();
            }
        }
    }

    /** Reads on to the close frame and returns its status; the connection has to end after it. */
    int closeStatus() {
        RawFrame frame = read();
        while (frame.first() != CLOSE) {
            frame = read();
        }
        if (!wire.isEnded()) {
            throw new AssertionError("the connection goes on after the close frame");
        }
        return frame.status();
    }

    @Override
    public void close() {
        wire.close();
    }
}
