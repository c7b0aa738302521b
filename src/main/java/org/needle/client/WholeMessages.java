package org.needle.client;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Puts the parts of messages together; a message beyond the limit ends the socket with 1008. Fields belong to the socket's reading turn. */
public abstract class WholeMessages implements SocketReader {
    private final int limit;
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream(0);

    /** @param limit characters of a text, bytes of a binary message */
    protected WholeMessages(int limit) {
        this.limit = limit;
    }

    protected abstract CompletionStage<Void> onText(ClientSocket socket, String message);

    protected abstract CompletionStage<Void> onBinary(ClientSocket socket, byte[] message);

    @Override
    public final CompletionStage<Void> onText(ClientSocket socket, String part, boolean last) {
        if (text.length() + (long) part.length() > limit) {
            return tooLarge(socket);
        }
        if (last && text.isEmpty()) {
            return onText(socket, part);
        }
        text.append(part);
        if (!last) {
            return CompletableFuture.completedStage(null);
        }
        String whole = text.toString();
        text.setLength(0);
        text.trimToSize();
        return onText(socket, whole);
    }

    @Override
    public final CompletionStage<Void> onBinary(ClientSocket socket, byte[] part, boolean last) {
        if (binary.size() + (long) part.length > limit) {
            return tooLarge(socket);
        }
        if (last && binary.size() == 0) {
            return onBinary(socket, part);
        }
        binary.writeBytes(part);
        if (!last) {
            return CompletableFuture.completedStage(null);
        }
        byte[] whole = binary.toByteArray();
        binary.reset();
        return onBinary(socket, whole);
    }

    private CompletionStage<Void> tooLarge(ClientSocket socket) {
        return CompletableFuture.failedStage(
                new DialException(Fault.MESSAGE_TOO_LARGE, socket + " sent a message beyond " + limit, null));
    }
}
