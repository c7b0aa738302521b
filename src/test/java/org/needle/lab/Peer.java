package org.needle.lab;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** One end of a TCP connection, spoken to byte by byte, as ISO 8859-1. Every read is bounded. */
final class Peer implements AutoCloseable {
    private static final int PATIENCE = 15_000;

    private final Socket socket;
    private final InputStream in;

    /** How the other end has ended, or that it has not. */
    enum End {
        FIN,
        RESET,
        NONE
    }

    Peer(Socket socket) {
        try {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Peer to(int port) {
        try {
            return new Peer(new Socket(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address that the other end has. */
    String address() {
        return socket.getInetAddress().getHostAddress();
    }

    Peer send(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A GET with these header lines. */
    Peer get(String path, String... headers) {
        return ask("GET " + path + " HTTP/1.1", headers);
    }

    Peer ask(String first, String... headers) {
        StringBuilder text = new StringBuilder(first).append("\r\nHost: localhost\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return send(text.append("\r\n").toString());
    }

    /** A chunk of a chunked body. */
    Peer chunk(String text) {
        return send(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
    }

    /** The next bytes, and they must be these. */
    Peer expect(String text) {
        String got = read(text.length());
        if (!got.equals(text)) {
            throw new AssertionError("expected [" + text + "], got [" + got + "]");
        }
        return this;
    }

    Peer expectChunk(String text) {
        return expect(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
    }

    String read(int count) {
        try {
            byte[] bytes = in.readNBytes(count);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A head with its empty line, or as much as there is before the end. */
    String head() {
        StringBuilder head = new StringBuilder();
        try {
            for (int next = in.read(); next >= 0; next = in.read()) {
                head.append((char) next);
                if (head.length() > 3 && head.indexOf("\r\n\r\n", head.length() - 4) >= 0) {
                    break;
                }
            }
            return head.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String rest() {
        try {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing comes, and nothing ends, for so long. */
    boolean isQuiet(int millis) {
        return end(millis) == End.NONE;
    }

    /** How this end hears that the other has ended; bytes before that are a mistake of the test. */
    End end(int millis) {
        try {
            socket.setSoTimeout(millis);
            int next = in.read();
            if (next >= 0) {
                throw new AssertionError("there is still something: " + (char) next + read(in.available()));
            }
            return End.FIN;
        } catch (SocketTimeoutException e) {
            return End.NONE;
        } catch (SocketException e) {
            return End.RESET;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            patience();
        }
    }

    private void patience() {
        try {
            socket.setSoTimeout(PATIENCE);
        } catch (SocketException e) {
            // it is closed
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
