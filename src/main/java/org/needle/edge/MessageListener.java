package org.needle.edge;

import java.util.concurrent.CompletionStage;

/** Takes the messages that clients send. Called on an event loop: must not block. */
public interface MessageListener {
    /** The stage completes when the message has been dealt with, exceptionally if that failed. */
    CompletionStage<Void> onMessage(ClientMessage message);
}
