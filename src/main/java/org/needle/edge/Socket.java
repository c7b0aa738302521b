package org.needle.edge;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One plain WebSocket connection, without envelope. Callable from any thread. */
public interface Socket {
    /** Unique among all sockets of this process. */
    String id();

    /** Whom the client's token names, or null without tokens. */
    @Nullable
    String subject();

    boolean isOpen();

    /** Completes once the socket has taken the whole message; exceptionally if it is closed or does not read. */
    CompletionStage<Void> sendText(String text);

    /** As {@link #sendText}. */
    CompletionStage<Void> sendBinary(byte[] data);

    /** Ends the connection with status 1000; nothing happens if it is closed. */
    void close();
}
