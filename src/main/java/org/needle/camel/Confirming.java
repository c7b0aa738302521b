package org.needle.camel;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ThreadPoolProfile;
import org.jspecify.annotations.Nullable;
import org.needle.edge.Confirmations;
import org.needle.edge.Reach;
import org.needle.edge.Terms;
import org.needle.edge.Transport;
import org.needle.edge.Waiting;
import org.needle.hub.Event;
import org.needle.hub.RefusedException;

/**
 * What the legs of one context share that wait for confirmations: no thread waits, one thread watches the time for all, and a pool
 * goes on with the exchanges, whose next steps may block. Safe for use by all threads.
 */
final class Confirming implements AutoCloseable {
    private static final int THREADS = 20;

    private final CamelContext context;
    private final Gateway gateway;
    private final Confirmations confirmations;
    private final int most;
    private final AtomicInteger waiting = new AtomicInteger();
    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService continuing;
    /** By scheme. */
    private final Map<String, LegHealth> legs = new ConcurrentHashMap<>();

    Confirming(CamelContext context, Gateway gateway) {
        this.context = context;
        this.gateway = gateway;
        this.confirmations = gateway.edge().confirmations();
        this.most = gateway.settings().maxConfirming();
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "needle-confirm");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(
                true); // most are confirmed long before their time: they must not be held until then
        this.continuing = context.getExecutorServiceManager().newThreadPool(this, "push-confirm", profile());
    }

    private static ThreadPoolProfile profile() {
        ThreadPoolProfile profile = new ThreadPoolProfile("push-confirm");
        profile.setPoolSize(THREADS);
        profile.setMaxPoolSize(THREADS);
        profile.setMaxQueueSize(Integer.MAX_VALUE); // bounded by those that may wait
        profile.setKeepAliveTime(10L);
        profile.setTimeUnit(TimeUnit.SECONDS);
        profile.setAllowCoreThreadTimeOut(true);
        return profile;
    }

    /** Where exchanges go on. */
    ExecutorService continuing() {
        return continuing;
    }

    /**
     * Takes one of the places for exchanges that wait; {@link #leave} gives it back.
     *
     * @throws RefusedException if there is none
     */
    void enter() {
        if (waiting.incrementAndGet() > most) {
            waiting.decrementAndGet();
            throw new RefusedException("more than max-confirming=" + most + " exchanges wait for confirmation");
        }
    }

    void leave() {
        waiting.decrementAndGet();
    }

    int waiting() {
        return waiting.get();
    }

    /** @param transport whose subscribers the leg vouches for; null: all */
    LegHealth health(@Nullable Transport transport) {
        return legs.computeIfAbsent(
                transport == null ? "" : transport.label(),
                name -> new LegHealth(context, transport, gateway.settings().legDown(), () -> gateway.edge()
                        .failing(transport)));
    }

    Reach reach(Event event) {
        return confirmations.reach(event);
    }

    /** Completes with true once it is confirmed as wanted, with false when the time is over. Never blocks. */
    CompletableFuture<Boolean> await(Reach reach, Terms terms, Duration time) {
        Waiting leg = confirmations.await(reach, terms);
        CompletableFuture<Boolean> outcome = leg.outcome();
        if (!outcome.isDone()) {
            ScheduledFuture<?> end =
                    timer.schedule(() -> confirmations.giveUp(leg), time.toMillis(), TimeUnit.MILLISECONDS);
            outcome.whenComplete((done, failure) -> end.cancel(false));
        }
        return outcome;
    }

    /** Looks whether it is confirmed as wanted, and does not wait. */
    CompletableFuture<Boolean> look(Reach reach, Terms terms) {
        Waiting leg = confirmations.await(reach, terms);
        confirmations.leave(leg);
        return leg.outcome();
    }

    /** Routes have ended by now; an exchange that still waits was given up with its route. */
    @Override
    public void close() {
        timer.shutdownNow();
        context.getExecutorServiceManager().shutdownNow(continuing);
    }

    @Override
    public String toString() {
        return "push-confirm";
    }
}
