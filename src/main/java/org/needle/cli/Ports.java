package org.needle.cli;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports for what has to know its port before it starts, and whether a port can be had: a library would not say which one it lacks. */
public final class Ports {
    private static final int LAST = 65_535;
    private static final int FIRST = 10_000;
    /** From here on Linux gives ports to whoever connects or asks for any: one of those may be taken before it is bound. */
    private static final int END = 32_768;

    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(FIRST, END));

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

    /** @throws IllegalArgumentException that names {@code property} if {@code value} means no port */
    static void checkNumber(String property, String value) {
        String text = value.trim();
        boolean port = text.equals("-1") || (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= LAST);
        if (!port) {
            throw new IllegalArgumentException(property + "=" + value + ": a port is a number from 1 to " + LAST
                    + ", 0 for none or -1 for any free one");
        }
    }

    /** One on which nobody listens, and that is given to nobody else in this process. Any thread. */
    public static int free() {
        while (true) {
            int port = NEXT.getAndUpdate(now -> now + 1 < END ? now + 1 : FIRST);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // somebody listens there
            }
        }
    }
}
