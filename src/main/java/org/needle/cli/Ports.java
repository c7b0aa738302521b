package org.needle.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Asks the system about ports before a library does, which would not say which port it could not have. */
final class Ports {
    private Ports() {}

    /** @throws BindException that names the address and its properties if nobody can bind it now */
    static void check(String host, int port, String properties) throws BindException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new BindException(
                    e.getMessage() + ": " + host + ":" + port + " (" + properties + ".host, " + properties + ".port)");
        }
    }

    static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
