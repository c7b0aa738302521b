package org.needle.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.needle.path.Seen.What;
import org.needle.wire.ServerFrame;
import org.needle.wire.ServerFrames;

/** A link over a WebSocket; once it is open an echo is asked for, which proves the way there. */
final class SocketLink extends WholeMessages implements Link {
    private static final int UNAUTHORIZED = 4401;
    private static final int FORBIDDEN = 4403;

    private final Sink sink;
    private final Owner owner;
    private final CompletableFuture<ClientSocket> opening;

    // owner's thread
    private @Nullable ClientSocket socket;
    private boolean closed;
    private long bytes;

    SocketLink(Dial dial, Ask ask, Sink sink, Owner owner) {
        super(Cuts.MOST);
        this.sink = sink;
        this.owner = owner;
        Map<String, List<String>> headers = new HashMap<>();
        ask.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        SocketAsk open =
                new SocketAsk(ask.uri(), headers, List.of("needle.v1"), Duration.ofSeconds(10), Duration.ofSeconds(15));
        this.opening = dial.open(open, this);
        opening.whenComplete((opened, failure) -> tell(at -> opened(at, opened, failure)));
    }

    private void opened(long at, @Nullable ClientSocket opened, @Nullable Throwable failure) {
        if (opened != null) {
            socket = opened;
            sink.seen(at, What.STATUS, 101);
            send("{\"control\":\"echo\",\"nonce\":\"e\"}");
            return;
        }
        Throwable cause = failure != null && failure.getCause() instanceof DialException known ? known : failure;
        sink.reason(cause == null ? "" : String.valueOf(cause.getMessage()));
        int status = cause instanceof DialException dial ? dial.status() : 0;
        if (status == 401) {
            sink.refused(status, "the token is not good");
        } else if (status > 0 && status != 101) {
            sink.seen(at, What.STATUS, status);
        } else {
            sink.seen(at, What.RESET, 0);
        }
    }

    @Override
    public void close() {
        closed = true;
        if (socket != null) {
            socket.close(1000, "");
        } else {
            opening.cancel(true);
        }
    }

    @Override
    public boolean send(String json) {
        if (socket != null && socket.isOpen()) {
            socket.sendText(json);
        }
        return true;
    }

    // ---- the HTTP client's threads ----

    private CompletionStage<Void> tell(LongConsumer told) {
        return owner.tell(() -> !closed, told);
    }

    @Override
    protected CompletionStage<Void> onText(ClientSocket from, String message) {
        return tell(at -> {
            socket = from; // its first message may be faster than the news that it is open
            take(at, message);
        });
    }

    private void take(long at, String message) {
        bytes += message.length();
        sink.alive(at);
        try {
            ServerFrame frame = ServerFrames.parse(message);
            sink.frames(at, List.of(frame), bytes);
        } catch (IllegalArgumentException e) {
            sink.seen(at, What.DAMAGED, 0);
        }
    }

    @Override
    protected CompletionStage<Void> onBinary(ClientSocket from, byte[] message) {
        return tell(at -> sink.seen(at, What.DAMAGED, 0));
    }

    @Override
    public void onEnd(ClientSocket from, int code, String reason, @Nullable DialException fault) {
        tell(at -> {
            if (code == UNAUTHORIZED || code == FORBIDDEN) {
                sink.refused(code - 4000, reason);
            } else if (fault != null && fault.fault() == Fault.SILENT) {
                sink.seen(at, What.SILENCE, 0);
            } else {
                sink.reason(fault == null ? "closed with " + code : String.valueOf(fault.getMessage()));
                sink.seen(at, What.CLOSE, code);
            }
        });
    }
}
