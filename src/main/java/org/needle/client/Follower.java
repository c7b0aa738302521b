package org.needle.client;

import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.needle.path.Rung;

/**
 * Follows topics of a gateway through whatever network there is: every event once and in order, by the best transport that the
 * network lets through. Goes on until it is closed. Everything happens in one thread of its own, {@code needle-follow-N}, beside
 * those of the JDK's HTTP client; its methods may be called from any thread.
 */
public final class Follower implements AutoCloseable {
    private static final AtomicLong NUMBER = new AtomicLong();
    private static final long PATIENCE = 5;

    private final ScheduledThreadPoolExecutor thread;
    private final Walker walker;
    private volatile @Nullable Thread own;

    private Follower(Following following, FollowListener listener, Times times) {
        String name = "needle-follow-" + NUMBER.incrementAndGet();
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = Executors.defaultThreadFactory().newThread(task);
            made.setName(name);
            made.setDaemon(true);
            own = made;
            return made;
        });
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.walker = new Walker(following, listener, new Owner(thread, times), new SecureRandom());
    }

    public static Follower start(Following following, FollowListener listener, Times times) {
        Follower follower = new Follower(following, listener, times);
        follower.thread.execute(follower.walker::start);
        return follower;
    }

    /** The client is on another network: every transport is tried again at once. */
    public void networkChanged() {
        thread.execute(walker::networkChanged);
    }

    /** The position behind what has been delivered; null before the first connection, or if it has been closed. */
    public @Nullable String position() {
        return ask(walker::position);
    }

    /** The rung that events come by; null between two. */
    public @Nullable Rung transport() {
        return ask(walker::on);
    }

    private <T> @Nullable T ask(Supplier<@Nullable T> question) {
        try {
            return CompletableFuture.supplyAsync(question, thread).get(PATIENCE, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (RejectedExecutionException | ExecutionException | TimeoutException e) {
            return null;
        }
    }

    /** Ends all connections. Nothing is delivered afterwards, unless it is called by the listener itself. */
    @Override
    public void close() {
        try {
            thread.execute(walker::close);
            thread.shutdown();
            if (Thread.currentThread() != own) {
                thread.awaitTermination(PATIENCE, TimeUnit.SECONDS);
            }
        } catch (RejectedExecutionException e) {
            // closed before
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
