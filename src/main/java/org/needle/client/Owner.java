package org.needle.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread in which everything happens that belongs to a follower, and its clock. */
final class Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    private final ScheduledExecutorService thread;
    private final Times times;

    Owner(ScheduledExecutorService thread, Times times) {
        this.thread = thread;
        this.times = times;
    }

    /** Ms of a clock that does not go back. */
    long now() {
        return times.steady();
    }

    /** Ms since 1970, which goes on while the machine sleeps. */
    long wall() {
        return times.wall();
    }

    /** Has something done there unless it is no longer {@code wanted}, and says when it came up. Fails if the owner has been closed. */
    CompletionStage<Void> tell(BooleanSupplier wanted, LongConsumer what) {
        long at = now();
        try {
            return CompletableFuture.runAsync(
                    guarded(() -> {
                        if (wanted.getAsBoolean()) {
                            what.accept(at);
                        }
                    }),
                    thread);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** What fails here is a bug, of ours or of a listener's: it is logged, and ends the connection that brought it. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("a follower's work failed", e);
                throw e;
            }
        };
    }

    /** Null if the owner has been closed. */
    @Nullable
    ScheduledFuture<?> after(long ms, Runnable task) {
        try {
            return thread.schedule(guarded(task), ms, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return null;
        }
    }
}
