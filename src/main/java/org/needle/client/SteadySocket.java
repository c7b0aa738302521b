package org.needle.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A WebSocket that is opened again whenever it has ended, after a while that grows with each failure. Callable from any thread. */
public final class SteadySocket {
    private static final Logger LOG = LoggerFactory.getLogger(SteadySocket.class);
    private static final int GOING_AWAY = 1001;

    private final Dial dial;
    private final SocketAsk ask;
    private final Backoff backoff;
    private final SocketReader reader;

    // guarded by this
    private boolean running;
    private int life;
    private int failures;
    private @Nullable DialException trouble;
    private @Nullable CompletableFuture<ClientSocket> opening;
    private CompletableFuture<ClientSocket> open = new CompletableFuture<>();

    public SteadySocket(Dial dial, SocketAsk ask, Backoff backoff, SocketReader reader) {
        this.dial = dial;
        this.ask = ask;
        this.backoff = backoff;
        this.reader = reader;
    }

    /** The socket that is open, or the next that will be; cancelled if it is stopped before. */
    public synchronized CompletableFuture<ClientSocket> socket() {
        return open.copy();
    }

    public synchronized boolean isOpen() {
        return open.isDone() && !open.isCompletedExceptionally() && open.join().isOpen();
    }

    /** What the last attempt failed with; null if it did not. */
    public synchronized @Nullable DialException trouble() {
        return trouble;
    }

    public synchronized void start() {
        if (!running) {
            running = true;
            open = new CompletableFuture<>();
            connect(++life);
        }
    }

    /** Ends what is open in due form. */
    public void stop() {
        CompletableFuture<ClientSocket> was;
        synchronized (this) {
            running = false;
            life++;
            was = open;
            if (opening != null) {
                opening.cancel(true);
            }
        }
        if (!was.cancel(false) && !was.isCompletedExceptionally()) {
            was.join().close(GOING_AWAY, "");
        }
    }

    private synchronized void connect(int own) {
        if (!running || own != life) {
            return;
        }
        CompletableFuture<ClientSocket> next = dial.open(ask, new Watching(own));
        opening = next;
        next.whenComplete((socket, failure) -> connected(own, socket, failure));
    }

    private void connected(int own, @Nullable ClientSocket socket, @Nullable Throwable failure) {
        CompletableFuture<ClientSocket> waiting;
        synchronized (this) {
            if (socket != null && running && own == life) {
                trouble = null;
                waiting = open;
            } else {
                waiting = null;
            }
        }
        if (waiting != null && socket != null) {
            waiting.complete(socket);
            settle(waiting, socket);
        } else if (socket != null) {
            socket.close(GOING_AWAY, "");
        } else if (failure != null) {
            again(own, dial.fault(ask.uri(), failure));
        }
    }

    /** It may have ended before anybody could be told that it is open: then whoever comes waits for the next. */
    private void settle(CompletableFuture<ClientSocket> told, ClientSocket socket) {
        synchronized (this) {
            if (open == told && !socket.isOpen()) {
                open = new CompletableFuture<>();
            }
        }
        later(backoff.most(), () -> {
            if (socket.isOpen()) {
                isWell();
            }
        });
    }

    private static void later(Duration wait, Runnable task) {
        CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS)
                .execute(task);
    }

    private synchronized void again(int own, @Nullable DialException fault) {
        if (!running || own != life) {
            return;
        }
        failures++;
        trouble = fault;
        if (fault != null && failures == 1) {
            LOG.warn("{}; trying again", fault.getMessage());
        }
        if (fault != null && fault.fault() == Fault.SILENT) {
            dial.renew();
        }
        if (open.isDone()) {
            open = new CompletableFuture<>();
        }
        Duration wait = backoff.after(failures, ThreadLocalRandom.current().nextDouble());
        CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> connect(own));
    }

    private synchronized void isWell() {
        failures = 0;
    }

    /** A connection counts as good once it has brought something, or has lasted. */
    private final class Watching implements SocketReader {
        private final int own;

        Watching(int own) {
            this.own = own;
        }

        @Override
        public CompletionStage<Void> onText(ClientSocket socket, String part, boolean last) {
            isWell();
            return reader.onText(socket, part, last);
        }

        @Override
        public CompletionStage<Void> onBinary(ClientSocket socket, byte[] part, boolean last) {
            isWell();
            return reader.onBinary(socket, part, last);
        }

        @Override
        public void onEnd(ClientSocket socket, int code, String reason, @Nullable DialException fault) {
            try {
                reader.onEnd(socket, code, reason, fault);
            } finally {
                again(own, fault);
            }
        }
    }
}
