package org.needle.client;

import java.util.concurrent.CompletionStage;

/** Takes what a stream brings, one thing after the other, on a thread of the client that should not be kept for long. */
public interface SseReader {
    /** The next event comes, and the next bytes are read, when the stage is complete; if it fails the stream is ended. */
    CompletionStage<Void> onEvent(SseEvent event);

    /** The server asks to wait {@code millis} before coming back. */
    default void onRetry(long millis) {}

    /** Something has arrived, be it half a comment. */
    default void onBytes() {}

    /** {@link #onBytes} will be called when something arrives, and not before this. */
    default void onWaiting() {}
}
