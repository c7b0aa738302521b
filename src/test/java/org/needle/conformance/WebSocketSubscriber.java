package org.needle.conformance;

import java.net.http.WebSocket;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The JDK's WebSocket. */
final class WebSocketSubscriber extends Subscriber implements WebSocket.Listener {
    private final Ask ask;
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;
    private volatile int closeStatus = -1;

    WebSocketSubscriber(Ask ask, int limit) {
        super(limit);
        this.ask = ask;
        WebSocket.Builder builder = ask.client().newWebSocketBuilder().connectTimeout(PATIENCE);
        if (ask.inHeader()) {
            builder.header("Last-Event-ID", ask.position());
        }
        try {
            socket = builder.buildAsync(ask.uri("ws"), this).join();
        } catch (CompletionException e) {
            throw new AssertionError(this + " could not connect", e);
        }
        if (ask.inFrame()) {
            String position = ask.position().isEmpty() ? "" : ",\"position\":\"" + ask.position() + "\"";
            send("{\"control\":\"open\"" + position + "}");
        }
    }

    void send(String frame) {
        socket.sendText(frame, true)
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** The status that the server closed with, or -1. */
    int closeStatus() {
        return closeStatus;
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
        text.append(part);
        boolean more = true;
        if (last) {
            try {
                more = take(Frame.of(Frame.parse(text.toString())));
            } catch (AssertionError e) {
                fault(e);
                more = false;
            }
            text.setLength(0);
        }
        if (more) {
            webSocket.request(1);
        } else {
            end();
            webSocket.abort();
        }
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket webSocket, java.nio.ByteBuffer data, boolean last) {
        fault(new AssertionError("a binary frame on an /events WebSocket"));
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closeStatus = statusCode;
        end(", was closed with " + statusCode + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        end(", failed with " + error);
    }

    @Override
    public void close() {
        end();
        socket.abort();
    }

    @Override
    public String toString() {
        return "websocket " + ask.target();
    }
}
