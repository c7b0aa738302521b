package org.needle.conformance;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for what has to know its port before it starts, or to come back to it: they lie below those that the system gives to
 * whoever connects or asks for any, so that nobody takes one while nobody listens on it.
 */
public final class Ports {
    private static final int FIRST = 10_000;
    private static final int END = 32_768;
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(FIRST, END));

    private Ports() {}

    /** One on which nobody listens, and that is given to nobody else in this process. */
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
