package org.needle.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/** How long a connection takes, and nothing else: what answers take longer is spent on the way. Blocks for at most two seconds. */
final class Reachable {
    private static final int PATIENCE = 2_000;

    private Reachable() {}

    /** In ms; -1 if there was none. */
    static long connect(URI url, Times times) {
        int port = url.getPort() >= 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
        long began = times.steady();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(url.getHost(), port), PATIENCE);
            return times.steady() - began;
        } catch (IOException e) {
            return -1;
        }
    }
}
