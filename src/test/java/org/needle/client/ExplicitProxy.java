package org.needle.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy with a user list of one. Whatever host a client names, it is this machine: so only a client that leaves names to
 * the proxy gets through.
 */
public final class ExplicitProxy implements AutoCloseable {
    private static final String REFUSED = String.join(
            "\r\n",
            "HTTP/1.1 407 No",
            "Proxy-Authenticate: Basic realm=\"test\"",
            "Content-Length: 0",
            "Connection: close",
            "",
            "");

    private final ServerSocket listener;
    private final @Nullable String expected;
    private final List<ScriptedServer.Request> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** @param credentials {@code user:password}, or null: it takes everybody */
    public ExplicitProxy(@Nullable String credentials) {
        this.expected = credentials == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        try {
            listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** What clients have asked of it. */
    public List<ScriptedServer.Request> requests() {
        return requests;
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "explicit-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                start(() -> serve(client));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void serve(Socket client) {
        open.add(client);
        try (client) {
            ScriptedServer.Request request = ScriptedServer.read(client.getInputStream());
            requests.add(request);
            if (expected != null && !expected.equals(request.header("proxy-authorization"))) {
                say(client, REFUSED);
                return;
            }
            String method = request.method();
            String target = request.target();
            if (target.contains("forbidden")) {
                say(client, "HTTP/1.1 403 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            } else if (method.equals("CONNECT")) {
                tunnel(client, Integer.parseInt(target.replaceFirst(".*:", "")), null);
            } else {
                URI uri = URI.create(target);
                String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
                StringBuilder head = new StringBuilder(method + " " + uri.getRawPath() + query + " HTTP/1.1\r\n");
                request.headers().forEach((name, value) -> {
                    if (!name.equals("proxy-authorization") && !name.equals("connection")) {
                        head.append(name).append(": ").append(value).append("\r\n");
                    }
                });
                head.append("Via: test\r\nConnection: close\r\n\r\n");
                tunnel(client, uri.getPort(), head.toString());
            }
        } catch (IOException e) {
            // somebody has gone
        } finally {
            open.remove(client);
        }
    }

    private static void say(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private void tunnel(Socket client, int port, @Nullable String head) throws IOException {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            open.add(server);
            if (head == null) {
                say(client, "HTTP/1.1 200 Established\r\n\r\n");
            } else {
                say(server, head);
            }
            start(() -> pump(client, server));
            pump(server, client);
            open.remove(server);
        }
    }

    private static void pump(Socket from, Socket to) {
        byte[] chunk = new byte[1 << 16];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                out.write(chunk, 0, n);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // one end is gone
        }
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
