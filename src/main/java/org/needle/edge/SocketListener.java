package org.needle.edge;

import java.util.concurrent.CompletionStage;

/**
 * Takes the messages of plain WebSocket connections at one path. Called on an event loop: must not block. The next message of
 * the same socket is read only when the stage returned has completed, so order is kept and a fast client is slowed down.
 */
public interface SocketListener {
    CompletionStage<Void> onText(Socket socket, String text);

    CompletionStage<Void> onBinary(Socket socket, byte[] data);
}
