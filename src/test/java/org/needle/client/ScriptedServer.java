package org.needle.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;

/** A server that answers each request as a test wants it, by the rules or against them: one thread and one request a connection. */
public final class ScriptedServer implements AutoCloseable {
    /** A request as it came; names of headers in lower case. */
    public record Request(String line, Map<String, String> headers) {
        String method() {
            return line.substring(0, line.indexOf(' '));
        }

        String target() {
            return line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' '));
        }

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /** Answers; the connection is closed when it returns. */
    public interface Script {
        void answer(Request request, Talk talk) throws IOException;
    }

    /** One connection whose request has been read. */
    public static final class Talk {
        private final Socket socket;

        Talk(Socket socket) {
            this.socket = socket;
        }

        public Talk say(String text) throws IOException {
            return say(text.getBytes(StandardCharsets.UTF_8));
        }

        public Talk say(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        }

        /** The head of an event stream that ends with the connection. */
        public Talk stream() throws IOException {
            return say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
        }

        /** Says nothing more until the client has gone; fails with the read if that is not within a minute. */
        public void stall() throws IOException {
            socket.setSoTimeout(60_000);
            try {
                while (socket.getInputStream().read() >= 0) {
                    // a client has nothing more to say
                }
            } catch (java.net.SocketException e) {
                // reset is gone too
            }
        }

        /** The code of the first close frame of a WebSocket client. */
        public int closeCode() throws IOException {
            InputStream in = socket.getInputStream();
            while (true) {
                int opcode = in.read() & 0xF;
                int length = in.read() & 0x7F;
                if (opcode != 8 || length < 2) {
                    in.skipNBytes(4L + length);
                    continue;
                }
                byte[] mask = in.readNBytes(4);
                return ((in.read() ^ mask[0]) & 0xFF) << 8 | ((in.read() ^ mask[1]) & 0xFF);
            }
        }

        /** Ends the connection by a reset. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
        }
    }

    private final ServerSocket listener;
    private final List<Script> scripts;
    private final AtomicInteger count = new AtomicInteger();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** The first connection gets the first script, and so on; all others get the last one. */
    public ScriptedServer(Script... scripts) {
        this(ServerSocketFactory.getDefault(), 0, scripts);
    }

    public static ScriptedServer overTls(SSLContext keys, Script... scripts) {
        return new ScriptedServer(keys.getServerSocketFactory(), 0, scripts);
    }

    /** On a port of one's choice, as a server that comes back. */
    public static ScriptedServer on(int port, Script... scripts) {
        return new ScriptedServer(ServerSocketFactory.getDefault(), port, scripts);
    }

    private ScriptedServer(ServerSocketFactory factory, int port, Script... scripts) {
        this.scripts = List.of(scripts);
        try {
            listener = factory.createServerSocket(port, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    /** An answer without a body. */
    public static Script status(String status, String... headers) {
        return (request, talk) -> talk.say("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n"
                + String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList()) + "\r\n");
    }

    /** An event stream that says this and ends. */
    public static Script events(String text) {
        return (request, talk) -> talk.stream().say(text);
    }

    /** An event stream that says this and then nothing for ever. */
    public static Script eventsAndSilence(String text) {
        return (request, talk) -> talk.stream().say(text).stall();
    }

    public int port() {
        return listener.getLocalPort();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    /** The next request, which may not have come yet. */
    public Request next() throws InterruptedException {
        Request request = requests.poll(30, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came within 30 s");
        }
        return request;
    }

    /** Requests that nobody has taken by {@link #next}. */
    public List<Request> others() {
        return new ArrayList<>(requests);
    }

    /** How many connections there have been. */
    public int count() {
        return count.get();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "scripted");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Script script = scripts.get(Math.min(count.getAndIncrement(), scripts.size() - 1));
                start(() -> serve(client, script));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void serve(Socket client, Script script) {
        open.add(client);
        try (client) {
            Request request = read(new BufferedInputStream(client.getInputStream(), 1));
            requests.add(request);
            script.answer(request, new Talk(client));
        } catch (IOException e) {
            // the client has had enough
        } finally {
            open.remove(client);
        }
    }

    static Request read(InputStream in) throws IOException {
        String first = line(in);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        return new Request(first, headers);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the client has gone");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
