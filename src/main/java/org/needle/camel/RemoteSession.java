package org.needle.camel;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.needle.client.ClientSocket;
import org.needle.edge.Socket;

/** A connection that we have opened, as header {@code jsr356.session} holds it. */
record RemoteSession(ClientSocket connection) implements Socket {
    private static final int NORMAL = 1000;

    @Override
    public String id() {
        return "client-" + connection.id();
    }

    @Override
    public @Nullable String subject() {
        return null;
    }

    @Override
    public boolean isOpen() {
        return connection.isOpen();
    }

    @Override
    public CompletionStage<Void> sendText(String text) {
        return connection.sendText(text);
    }

    @Override
    public CompletionStage<Void> sendBinary(byte[] data) {
        return connection.sendBinary(data);
    }

    @Override
    public void close() {
        connection.close(NORMAL, "");
    }
}
