package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.needle.edge.Transport;

/** Cheap frames in masses (RFC 9113, 10.5): the connection ends, or the stream, and nobody else notices. */
class ClientThatFloodsHttp2 {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int REFUSED_STREAM = 7;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private OpenEdge edge;
    private Subscriber healthy;

    @BeforeEach
    void start() {
        edge = OpenEdge.start(plan -> plan.tls(new TestKeys(folder).keys()));
        healthy = Subscriber.open(Transport.SSE, Ask.of(edge.port(), "t"));
        healthy.hello();
    }

    /** Whoever was there before has every event, and nothing is left of the other. */
    @AfterEach
    void nobodyElseNotices() {
        for (int i = 0; i < 10; i++) {
            edge.publish("t", Integer.toString(i));
        }
        healthy.awaitEvents(10);
        await().atMost(LONG).until(() -> edge.meter("needle.connections") == 1);
        await().atMost(LONG).until(() -> edge.meter("needle.subscribers") == 1);
        healthy.close();
        edge.close();
    }

    private record Received(int type, int stream, ByteBuffer payload) {
        int code(int at) {
            return payload.getInt(at);
        }
    }

    /** A connection of HTTP/2 that sends what it is told. */
    private final class Flood implements AutoCloseable {
        private final SSLSocket socket;
        private final OutputStream out;

        Flood() throws IOException {
            socket = (SSLSocket) TestKeys.trusting()
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), edge.tlsPort());
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.setSoTimeout((int) LONG.toMillis());
            socket.startHandshake();
            out = new BufferedOutputStream(socket.getOutputStream(), 16 << 10);
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            send(SETTINGS, 0, 0);
        }

        void send(int type, int flags, int stream, byte... payload) throws IOException {
            out.write(ByteBuffer.allocate(9 + payload.length)
                    .putInt(payload.length << 8 | type)
                    .put((byte) flags)
                    .putInt(stream)
                    .put(payload)
                    .array());
        }

        void flush() throws IOException {
            out.flush();
        }

        /** Everything up to the end, or up to what is looked for. */
        List<Received> read(int type, int code) throws IOException {
            List<Received> all = new ArrayList<>();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            try {
                while (true) {
                    int head = in.readInt();
                    in.readByte();
                    int stream = in.readInt();
                    byte[] payload = new byte[head >>> 8];
                    in.readFully(payload);
                    Received frame = new Received(head & 0xff, stream, ByteBuffer.wrap(payload));
                    all.add(frame);
                    if (frame.type() == type && frame.code(type == GOAWAY ? 4 : 0) == code) {
                        return all;
                    }
                }
            } catch (EOFException e) {
                return all;
            } catch (SocketTimeoutException e) {
                throw new AssertionError("the connection is still open", e);
            }
        }

        void isToldToCalmDown() throws IOException {
            List<Received> all = read(GOAWAY, ENHANCE_YOUR_CALM);
            Received last = all.get(all.size() - 1);
            assertThat(last.type()).isEqualTo(GOAWAY);
            assertThat(last.code(4)).isEqualTo(ENHANCE_YOUR_CALM);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** HPACK: GET https://x with a path. */
    private static byte[] get(String path) {
        byte[] text = path.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(7 + text.length)
                .put(new byte[] {(byte) 0x82, (byte) 0x87, 0x41, 1, 'x', 0x44, (byte) text.length})
                .put(text)
                .array();
    }

    @Test
    void byOpeningAndResettingStreams() throws Exception {
        try (Flood flood = new Flood()) {
            for (int i = 0; i < 2_000; i++) {
                flood.send(HEADERS, END_STREAM | END_HEADERS, 2 * i + 1, get("/info"));
                flood.send(RST_STREAM, 0, 2 * i + 1, (byte) 0, (byte) 0, (byte) 0, (byte) 8);
            }
            flood.flush();
            flood.isToldToCalmDown();
        } catch (IOException e) {
            // the connection went while it was still sending: as good an end
        }
    }

    @Test
    void byPingsWhoseAnswersItDoesNotRead() throws Exception {
        boolean ended = false;
        try (Flood flood = new Flood()) {
            for (int i = 0; i < 2_000_000; i++) {
                flood.send(PING, 0, 0, new byte[8]);
            }
            flood.flush();
        } catch (IOException e) {
            ended = true;
        }
        assertThat(ended).isTrue();
    }

    @Test
    void byHeadersWithoutEnd() throws Exception {
        byte[] field = new byte[200];
        field[1] = 1;
        field[2] = 'a';
        field[3] = 127;
        field[4] = 70 - 1; // 127 + 69 = 196 - 1 bytes of value
        boolean ended = false;
        try (Flood flood = new Flood()) {
            flood.send(HEADERS, END_STREAM, 1, get("/info"));
            for (int i = 0; i < 100_000; i++) {
                flood.send(CONTINUATION, 0, 1, field);
            }
            flood.flush();
        } catch (IOException e) {
            ended = true;
        }
        assertThat(ended).isTrue();
    }

    @Test
    void byEmptyFramesOfABody() throws Exception {
        byte[] post = get("/events?topic=t");
        post[0] = (byte) 0x83;
        try (Flood flood = new Flood()) {
            flood.send(HEADERS, END_HEADERS, 1, post);
            for (int i = 0; i < 1_000; i++) {
                flood.send(DATA, 0, 1);
            }
            flood.flush();
            flood.isToldToCalmDown();
        } catch (IOException e) {
            // the connection went while it was still sending: as good an end
        }
    }

    @Test
    void byMoreStreamsThanItMayOpen() throws Exception {
        try (Flood flood = new Flood()) {
            for (int i = 0; i < 300; i++) {
                flood.send(HEADERS, END_STREAM | END_HEADERS, 2 * i + 1, get("/events?topic=none"));
            }
            flood.flush();
            List<Received> all = flood.read(RST_STREAM, REFUSED_STREAM);
            Received last = all.get(all.size() - 1);
            assertThat(last.type()).isEqualTo(RST_STREAM);
            assertThat(last.stream()).isEqualTo(2 * 256 + 1);
            Set<Integer> answered = new HashSet<>();
            all.stream().filter(frame -> frame.type() == HEADERS).forEach(frame -> answered.add(frame.stream()));
            assertThat(answered).doesNotContain(last.stream());
        }
    }
}
