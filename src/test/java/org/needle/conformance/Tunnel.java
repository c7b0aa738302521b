package org.needle.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;

/** Passes bytes on to a port that may change, and cuts all connections on demand. Two threads a connection. */
public final class Tunnel implements AutoCloseable {
    private final SocketFactory outgoing;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "tunnel");
        thread.setDaemon(true);
        return thread;
    });
    private volatile int target;

    public Tunnel(int target) {
        this(0, target);
    }

    /** Listens on a port of one's choice. */
    public Tunnel(int port, int target) {
        this(port, target, SocketFactory.getDefault());
    }

    /** For programs that speak no TLS: takes their bytes in the clear and passes them on over TLS. */
    public static Tunnel intoTls(int target) {
        return new Tunnel(0, target, TestKeys.trusting().getSocketFactory());
    }

    private Tunnel(int port, int target, SocketFactory outgoing) {
        this.outgoing = outgoing;
        this.target = target;
        try {
            listener = new ServerSocket(port, 1_000, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Where connections go from now on. */
    public void target(int port) {
        target = port;
    }

    /** How many connections there have been so far. */
    public int connections() {
        return connections.get();
    }

    /** Ends every connection without a word to either side. */
    public void cut() {
        for (Socket socket : open) {
            end(socket);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                connections.incrementAndGet();
                connect(client);
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void connect(Socket client) {
        try {
            Socket server = outgoing.createSocket(InetAddress.getLoopbackAddress(), target);
            open.add(client);
            open.add(server);
            threads.execute(() -> pump(client, server));
            threads.execute(() -> pump(server, client));
        } catch (IOException e) {
            end(client);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] chunk = new byte[1 << 16];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                out.write(chunk, 0, n);
            }
        } catch (IOException e) {
            // one end is gone, so the other one goes too
        } finally {
            end(from);
            end(to);
        }
    }

    private void end(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed all the same
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
        threads.shutdownNow();
    }
}
