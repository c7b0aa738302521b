package org.needle.client;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The ways in which bodies are taken apart. */
final class Cuts {
    /** An event has at most 4 MiB unless the gateway was told otherwise; escaped in JSON, and with room. */
    static final int MOST = 64 << 20;

    private Cuts() {}

    /** An event stream with {@code envelope=json}: the data of each event. */
    static Body.Cut sse() {
        return new Body.Cut() {
            private List<Body.Piece> into = List.of();
            private final SseParser parser = new SseParser(
                    new SseParser.Limits(MOST, MOST), "", event -> into.add(new Body.Piece(event.data(), event.id())));

            @Override
            public void feed(ByteBuffer bytes, List<Body.Piece> pieces) throws DialException {
                into = pieces;
                parser.feed(bytes);
            }
        };
    }

    /** NDJSON: each line. */
    static Body.Cut lines() {
        return new Body.Cut() {
            private final ByteArrayOutputStream line = new ByteArrayOutputStream();

            @Override
            public void feed(ByteBuffer bytes, List<Body.Piece> pieces) throws DialException {
                while (bytes.hasRemaining()) {
                    byte next = bytes.get();
                    if (next != '\n') {
                        bounded(line.size(), MOST);
                        line.write(next);
                    } else if (line.size() > 0) {
                        pieces.add(new Body.Piece(line.toString(StandardCharsets.UTF_8), null));
                        line.reset();
                    }
                }
            }
        };
    }

    /** All of it, into {@code whole}. */
    static Body.Cut whole(ByteArrayOutputStream whole, int most) {
        return (bytes, pieces) -> {
            byte[] part = new byte[bytes.remaining()];
            bytes.get(part);
            bounded(whole.size() + part.length, most);
            whole.writeBytes(part);
        };
    }

    private static void bounded(int size, int most) throws DialException {
        if (size > most) {
            throw new DialException(Fault.EVENT_TOO_LARGE, "more than " + most + " bytes in one piece", null);
        }
    }
}
