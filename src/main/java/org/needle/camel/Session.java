package org.needle.camel;

import java.util.concurrent.CompletionStage;
import org.needle.edge.Socket;

/**
 * One WebSocket connection at a path, as header {@code jsr356.session} holds it. Not a {@code jakarta.websocket.Session}, but
 * named like one where they have something in common. Callable from any thread.
 */
public final class Session {
    private final Socket socket;

    Session(Socket socket) {
        this.socket = socket;
    }

    /** Unique among all connections of this process. */
    public String getId() {
        return socket.id();
    }

    public boolean isOpen() {
        return socket.isOpen();
    }

    /** Completes once the connection has taken the message; exceptionally if it is closed or does not read. */
    public CompletionStage<Void> sendText(String text) {
        return socket.sendText(text);
    }

    /** As {@link #sendText}; the array must not be changed afterwards. */
    public CompletionStage<Void> sendBinary(byte[] data) {
        return socket.sendBinary(data);
    }

    /** Ends the connection with status 1000; nothing happens if it is closed. */
    public void close() {
        socket.close();
    }

    @Override
    public String toString() {
        return "Session[" + socket.id() + "]";
    }
}
