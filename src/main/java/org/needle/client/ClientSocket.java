package org.needle.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket that we have opened. Callable from any thread: messages go out whole, one after the other. Both ends are watched by
 * pings.
 */
public final class ClientSocket {
    private static final int MAX_UNSENT = 4 << 20;
    private static final int CHUNK = 1 << 14;
    private static final int MAX_REASON = 120;
    private static final int NO_CODE = 1006;
    private static final int CLOSE_SECONDS = 2;
    private static final AtomicLong IDS = new AtomicLong();

    private final String id = Long.toHexString(IDS.incrementAndGet());
    private final Faults faults;
    private final SocketAsk ask;
    private final SocketReader reader;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong unsent = new AtomicLong();

    // set before anything else happens
    private volatile @Nullable WebSocket socket;

    /** Signs of life are only to be expected while something has been asked for. */
    private volatile boolean waiting;

    private final AtomicInteger silentBeats = new AtomicInteger();

    // guarded by this
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    ClientSocket(Faults faults, SocketAsk ask, SocketReader reader) {
        this.faults = faults;
        this.ask = ask;
        this.reader = reader;
    }

    /** Unique among those of this process. */
    public String id() {
        return id;
    }

    /** The subprotocol that the server chose; empty if none. */
    public String protocol() {
        return open().getSubprotocol();
    }

    public boolean isOpen() {
        WebSocket opened = socket;
        return opened != null && !ended.get() && !opened.isOutputClosed();
    }

    // ---- sending ----

    /** Completes once the message has gone out; exceptionally with a {@link DialException}. */
    public CompletionStage<Void> sendText(String text) {
        return send(text.length(), () -> open().sendText(text, true));
    }

    /** As {@link #sendText}; the array must not be changed afterwards. */
    public CompletionStage<Void> sendBinary(byte[] data) {
        return send(data.length, () -> open().sendBinary(ByteBuffer.wrap(data), true));
    }

    /** One binary message in fragments, however long; read on {@code executor}, which may block. The stream is closed. */
    public CompletionStage<Void> sendBinary(InputStream data, Executor executor) {
        return send(CHUNK, () -> CompletableFuture.completedFuture(null)
                .thenComposeAsync(turn -> fragments(data, executor), executor)
                .whenComplete((done, failure) -> close(data)));
    }

    private CompletableFuture<WebSocket> fragments(InputStream data, Executor executor) {
        try {
            byte[] chunk = new byte[CHUNK];
            int length = data.readNBytes(chunk, 0, CHUNK);
            ByteBuffer part = ByteBuffer.wrap(chunk, 0, length);
            return length < CHUNK
                    ? open().sendBinary(part, true)
                    : open().sendBinary(part, false).thenComposeAsync(sent -> fragments(data, executor), executor);
        } catch (IOException e) {
            abort(); // half a message cannot be taken back
            return CompletableFuture.failedFuture(e);
        }
    }

    private static void close(InputStream data) {
        try {
            data.close();
        } catch (IOException e) {
            // everything has been read
        }
    }

    /** In its turn. What waits is bounded: whoever sends faster than the other end reads is told so. */
    private synchronized CompletableFuture<Void> send(int size, Supplier<CompletableFuture<WebSocket>> message) {
        if (unsent.addAndGet(size) > MAX_UNSENT && unsent.get() > size) {
            unsent.addAndGet(-size);
            return CompletableFuture.failedFuture(
                    new DialException(Fault.BACKLOG, faults.name() + " does not read what it is sent", null));
        }
        CompletableFuture<@Nullable Void> sent = last.handle((done, before) -> message.get())
                .thenCompose(sending -> sending)
                .handle((done, failure) -> {
                    unsent.addAndGet(-size);
                    if (failure != null) {
                        throw new CompletionException(faults.of(failure));
                    }
                    return null;
                });
        last = sent;
        return sent;
    }

    // ---- ending ----

    /** Ends it in due form, at once if the other end does not answer; nothing happens if it has ended. */
    public void close(int code, String reason) {
        WebSocket opened = socket;
        if (opened != null && !ended.get()) {
            opened.sendClose(code, reason.substring(0, Math.min(reason.length(), MAX_REASON)));
            later(CLOSE_SECONDS * 1_000L, this::abort);
        }
    }

    /** Ends it without a word. */
    public void abort() {
        WebSocket opened = socket;
        if (opened != null) {
            opened.abort();
        }
        end(NO_CODE, "", null);
    }

    private void fail(DialException fault) {
        WebSocket opened = socket;
        if (opened != null) {
            opened.abort();
        }
        end(NO_CODE, "", fault);
    }

    private void end(int code, String reason, @Nullable DialException fault) {
        if (socket != null && ended.compareAndSet(false, true)) {
            reader.onEnd(this, code, reason, fault);
        }
    }

    // ---- life ----

    private static void later(long millis, Runnable task) {
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(task);
    }

    private void beat() {
        WebSocket opened = socket;
        if (opened == null || ended.get()) {
            return;
        }
        if (waiting && silentBeats.incrementAndGet() > 2) {
            fail(new DialException(Fault.SILENT, faults.name() + " gives no sign of life", null));
            return;
        }
        if (!opened.isOutputClosed()) {
            opened.sendPing(ByteBuffer.allocate(0)).exceptionally(unsent -> null);
        }
        later(ask.heartbeat().toMillis(), this::beat);
    }

    private WebSocket open() {
        WebSocket opened = socket;
        if (opened == null) {
            throw new IllegalStateException("not open yet");
        }
        return opened;
    }

    WebSocket.Listener listener() {
        return new Listening();
    }

    @Override
    public String toString() {
        return faults.name() + "#" + id;
    }

    /** The JDK asks one thing at a time. */
    private final class Listening implements WebSocket.Listener {
        @Override
        public void onOpen(WebSocket opened) {
            socket = opened;
            later(ask.heartbeat().toMillis(), ClientSocket.this::beat);
            more(opened);
        }

        private void more(WebSocket from) {
            silentBeats.set(0);
            waiting = true;
            from.request(1);
        }

        private CompletionStage<?> when(WebSocket from, CompletionStage<Void> taken) {
            return taken.whenComplete((done, failure) -> {
                if (failure == null) {
                    more(from);
                } else {
                    refuse(failure);
                }
            });
        }

        private void refuse(Throwable failure) {
            DialException fault = faults.of(failure);
            boolean tooLarge = fault.fault() == Fault.MESSAGE_TOO_LARGE;
            // the JDK does not let clients send 1009
            close(tooLarge ? 1008 : 1011, tooLarge ? "message too large" : "");
            end(NO_CODE, "", fault);
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean whole) {
            waiting = false;
            return when(from, reader.onText(ClientSocket.this, data.toString(), whole));
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean whole) {
            waiting = false;
            byte[] part = new byte[data.remaining()];
            data.get(part);
            return when(from, reader.onBinary(ClientSocket.this, part, whole));
        }

        @Override
        public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
            more(from);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
            more(from);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            end(code, reason, null);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            end(NO_CODE, "", faults.of(error));
        }
    }
}
