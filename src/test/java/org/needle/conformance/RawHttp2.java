package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A connection of HTTP/2 that sends what it is told, frame by frame. */
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int REFUSED_STREAM = 7;
    static final int ENHANCE_YOUR_CALM = 11;
    private static final int PATIENCE = 20_000;

    record Received(int type, int stream, ByteBuffer payload) {
        int code(int at) {
            return payload.getInt(at);
        }
    }

    private final SSLSocket socket;
    private final OutputStream out;

    RawHttp2(int tlsPort) throws IOException {
        socket = (SSLSocket)
                TestKeys.trusting().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), tlsPort);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(PATIENCE);
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
        return read(frame -> frame.type() == type && frame.code(type == GOAWAY ? 4 : 0) == code);
    }

    private List<Received> read(Predicate<Received> last) throws IOException {
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
                if (last.test(frame)) {
                    return all;
                }
            }
        } catch (EOFException e) {
            return all;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection is still open", e);
        }
    }

    /** Up to the answer's head, the end of the stream or that of the connection. */
    List<Received> readAnswer(int stream) throws IOException {
        return read(frame -> frame.stream() == stream && (frame.type() == HEADERS || frame.type() == RST_STREAM));
    }

    /** What comes of the answer's body, up to its first {@code most} bytes or the end of the stream. */
    String readBody(int stream, int most) throws IOException {
        StringBuilder body = new StringBuilder();
        read(frame -> {
            boolean data = frame.stream() == stream && frame.type() == DATA;
            body.append(data ? StandardCharsets.UTF_8.decode(frame.payload()) : "");
            return body.length() >= most
                    || (data && frame.payload().limit() == 0)
                    || (frame.stream() == stream && frame.type() == RST_STREAM);
        });
        return body.toString();
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

    /** HPACK: GET https://x with a path. */
    static byte[] get(String path) {
        byte[] text = path.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(7 + text.length)
                .put(new byte[] {(byte) 0x82, (byte) 0x87, 0x41, 1, 'x', 0x44, (byte) text.length})
                .put(text)
                .array();
    }
}
