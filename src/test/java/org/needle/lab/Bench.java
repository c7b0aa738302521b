package org.needle.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A lab between clients and a server that a test plays itself, byte by byte, on the same thread. */
final class Bench implements AutoCloseable {
    static final String STREAM =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    static final String SWITCH = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    static final String UPGRADE = "Upgrade: websocket\r\nConnection: Upgrade";

    private final ServerSocket server;
    private final BlockingQueue<Peer> arrived = new LinkedBlockingQueue<>();
    private final List<Peer> peers = new CopyOnWriteArrayList<>();
    private final Lab lab;

    Bench(String profile) {
        this(Profile.named(profile), options -> options);
    }

    Bench(Profile profile, UnaryOperator<LabOptions> options) {
        try {
            server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
            Thread thread = new Thread(this::accept, "bench");
            thread.setDaemon(true);
            thread.start();
            lab = Lab.open(profile, target(), options.apply(LabOptions.plain()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InetSocketAddress target() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }

    private void accept() {
        try {
            while (true) {
                arrived.add(keep(new Peer(server.accept())));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private Peer keep(Peer peer) {
        peers.add(peer);
        return peer;
    }

    Lab lab() {
        return lab;
    }

    int targetPort() {
        return server.getLocalPort();
    }

    /** A new client's connection. */
    Peer client() {
        return keep(Peer.to(lab.port()));
    }

    /** The server's end of the next connection that reaches it. */
    Peer server() {
        try {
            Peer peer = arrived.poll(15, TimeUnit.SECONDS);
            if (peer == null) {
                throw new AssertionError("nobody reaches the server");
            }
            return peer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    boolean isReached() {
        return !arrived.isEmpty();
    }

    @Override
    public void close() {
        peers.forEach(Peer::close);
        lab.close();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
