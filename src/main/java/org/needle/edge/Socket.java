package org.needle.edge;

import java.util.concurrent.CompletionStage;

/** One plain WebSocket connection, without envelope. Callable from any thread. */
public interface Socket {
    /** Unique among all sockets of this process. */
    String id();

    boolean isOpen();

    /** Completes once the socket has taken the whole message; exceptionally if it is closed or does not read. */
    CompletionStage<Void> sendText(String text);

    /** As {@link #sendText}. */
    CompletionStage<Void> sendBinary(byte[] data);

    /** Ends the connection with status 1000; nothing happens if it is closed. */
    void close();
}
