package org.needle.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.needle.Secrets;

/** One TCP connection to the public port, spoken to byte by byte. Every read is bounded. */
final class Wire implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    /** The head of an answer; header names in lower case, repeated ones joined by a comma. */
    record Head(String version, int status, Map<String, String> headers) {
        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }

        boolean isChunked() {
            return header("Transfer-Encoding").equalsIgnoreCase("chunked");
        }
    }

    /** A whole answer. */
    record Answer(Head head, String body) {
        int status() {
            return head.status();
        }

        String header(String name) {
            return head.header(name);
        }

        JsonNode json() {
            return Frame.parse(body);
        }
    }

    Wire(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(8_000);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One request on a connection of its own, and its answer. */
    static Answer ask(int port, String... head) {
        try (Wire wire = new Wire(port)) {
            return wire.send(head).answer();
        }
    }

    /** The answer to a receipt for the connection with that hello; {@code more} goes behind its nonce. */
    static Answer receipt(int port, JsonNode hello, String more, String... headers) {
        String of = "{\"session\":\"" + hello.path("session").asText() + "\",\"nonce\":\""
                + hello.path("nonce").asText() + "\"";
        try (Wire wire = new Wire(port)) {
            return wire.post("/receipts", of + more + "}", headers).answer();
        }
    }

    /** A request's head: the lines given, {@code Host}, and the empty line. */
    Wire send(String... head) {
        StringBuilder text = new StringBuilder(head[0]).append("\r\nHost: localhost\r\n");
        for (int i = 1; i < head.length; i++) {
            text.append(head[i]).append("\r\n");
        }
        return raw(text.append("\r\n").toString());
    }

    /** A request with a body and its length. */
    Wire post(String target, String body, String... headers) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String[] head = new String[headers.length + 2];
        head[0] = "POST " + target + " HTTP/1.1";
        head[1] = "Content-Length: " + bytes.length;
        System.arraycopy(headers, 0, head, 2, headers.length);
        return send(head).raw(bytes);
    }

    Wire raw(String text) {
        return raw(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Wire raw(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next byte, or -1 at the end, however the end came. */
    int read() {
        try {
            return in.read();
        } catch (SocketException e) {
            return -1;
        } catch (IOException e) {
            throw new AssertionError("nothing came and the connection is not closed", e);
        }
    }

    /** True if the server ends the connection without another byte. */
    boolean isEnded() {
        return read() < 0;
    }

    /** True if bytes are waiting to be read. */
    boolean hasMore() {
        try {
            return in.available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes(int count) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < count) {
            int b = read();
            if (b < 0) {
                throw new AssertionError("ended after " + bytes.size() + " of " + count + " bytes: " + bytes);
            }
            bytes.write(b);
        }
        return bytes.toByteArray();
    }

    /** A line of a head, without CRLF. */
    private String line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = read(); b != '\n'; b = read()) {
            if (b < 0) {
                throw new AssertionError("ended in a head: " + line);
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        if (!text.endsWith("\r")) {
            throw new AssertionError("a head line without CR: " + text);
        }
        return text.substring(0, text.length() - 1);
    }

    Head head() {
        String[] status = line().split(" ", 3);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (a, b) -> a + ", " + b);
        }
        return new Head(status[0], Integer.parseInt(status[1]), headers);
    }

    /** A whole answer, to its stated end. */
    Answer answer() {
        Head head = head();
        boolean bodiless = head.status() < 200 || head.status() == 204 || head.status() == 304;
        String body = bodiless ? "" : body(head).rest();
        Secrets.given(head.headers() + body);
        if (head.status() >= 400 || head.header("Content-Type").startsWith("text/html")) {
            Secrets.said("answer", head + body);
        }
        return new Answer(head, body);
    }

    /** The body that follows the head just read. */
    Body body(Head head) {
        String length = head.header("Content-Length");
        if (head.isChunked()) {
            return new Body(0, true);
        }
        return new Body(length.isEmpty() ? Long.MAX_VALUE : Long.parseLong(length), false);
    }

    /** Reads a body as it comes: by length, by chunks or up to the end of the connection. */
    final class Body {
        private final boolean chunked;
        private long left;
        private boolean ended;
        private boolean begun;

        private Body(long left, boolean chunked) {
            this.left = left;
            this.chunked = chunked;
        }

        /** The next byte of the body, or -1 at its end. */
        int next() {
            if (left == 0 && chunked && !ended) {
                nextChunk();
            }
            if (left == 0 || ended) {
                return -1;
            }
            left--;
            return read();
        }

        private void nextChunk() {
            if (begun) {
                bytes(2);
            }
            begun = true;
            left = Long.parseLong(line(), 16);
            if (left == 0) {
                bytes(2);
                ended = true;
            }
        }

        /** Everything up to and including {@code mark}. */
        String until(String mark) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            String text = "";
            while (!text.endsWith(mark)) {
                int b = next();
                if (b < 0) {
                    throw new AssertionError("ended before " + mark + ": " + bytes.toString(StandardCharsets.UTF_8));
                }
                bytes.write(b);
                text = b == mark.charAt(mark.length() - 1) ? bytes.toString(StandardCharsets.UTF_8) : "";
            }
            return text;
        }

        /** Everything up to the end of the body. */
        String rest() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int b = next(); b >= 0; b = next()) {
                bytes.write(b);
            }
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
