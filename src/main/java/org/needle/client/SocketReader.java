package org.needle.client;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Takes the messages of a {@link ClientSocket}, each in one or more parts, on threads of the HTTP client that should not be kept
 * for long. The next part is read when the stage is complete; if it fails, the socket is closed with status 1011. {@link WholeMessages} puts parts
 * together.
 */
public interface SocketReader {
    /** @param last whether the message is complete with this */
    CompletionStage<Void> onText(ClientSocket socket, String part, boolean last);

    /** As {@link #onText}. */
    CompletionStage<Void> onBinary(ClientSocket socket, byte[] part, boolean last);

    /**
     * The socket has ended, whoever ended it; called once, if it was open.
     *
     * @param code the close code that the other end gave; 1006 if it gave none
     * @param fault null if it was closed in due form
     */
    void onEnd(ClientSocket socket, int code, String reason, @Nullable DialException fault);
}
