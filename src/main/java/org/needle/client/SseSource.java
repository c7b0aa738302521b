package org.needle.client;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a stream for as long as it is wanted: opens it again after its end or any failure, behind the last event that has been
 * taken, until the server answers 204. Events are taken one by one. State belongs to the loop, which may be kept: the
 * server then waits.
 */
public final class SseSource {
    private static final Logger LOG = LoggerFactory.getLogger(SseSource.class);
    private static final int MAX_ID = 4_096;
    private static final long BREATH_MILLIS = 50;
    private static final long MIN_RETRY_MILLIS = 100;

    public enum Phase {
        PAUSED,
        CONNECTING,
        OPEN,
        /** Until the next attempt. */
        WAITING,
        /** The server has answered 204. */
        FINISHED
    }

    /**
     * How it goes.
     *
     * @param failures attempts in a row that have failed
     * @param trouble what the last of them, or storing the position, failed with; null if nothing is wrong
     */
    public record Status(Phase phase, int failures, @Nullable String trouble) {}

    private final Dial dial;
    private final SseAsk ask;
    private final @Nullable Positions positions;
    private final Function<SseEvent, CompletionStage<Void>> taker;
    private final ScheduledExecutorService loop;
    private final AtomicInteger taking = new AtomicInteger();

    private volatile boolean running;
    private volatile @Nullable SseAttempt attempt;
    private volatile Phase phase = Phase.PAUSED;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile @Nullable String trouble;
    private volatile @Nullable String unstored;

    // of the loop
    private String position;
    private String stored;
    private boolean breathing;
    private boolean progress;
    private long retry;
    private int generation;
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    /**
     * @param position to begin behind; empty: from now on
     * @param taker is called by the loop; the event is done with when its stage is complete; if that fails, the stream is opened
     *     again behind the event before, after a while
     * @param loop one thread
     */
    public SseSource(
            Way way, String position, Function<SseEvent, CompletionStage<Void>> taker, ScheduledExecutorService loop) {
        this.dial = way.dial();
        this.ask = way.ask();
        this.positions = way.positions();
        this.position = position;
        this.stored = position;
        this.taker = taker;
        this.loop = loop;
        this.retry = ask.patience().retry().toMillis();
    }

    /**
     * What is followed, how to get there, and where to remember how far we are.
     *
     * @param positions null: nowhere
     */
    public record Way(Dial dial, SseAsk ask, @Nullable Positions positions) {}

    public Status status() {
        SseAttempt now = attempt;
        Phase shown = phase == Phase.CONNECTING && now != null && now.isOpen() ? Phase.OPEN : phase;
        String wrong = unstored == null ? trouble : unstored;
        return new Status(shown, failures.get(), wrong);
    }

    /** Events that have been handed over and are not done with, stored position included. */
    public int taking() {
        return taking.get();
    }

    public void start() {
        turn(() -> {
            if (!running) {
                running = true;
                phase = Phase.CONNECTING;
                generation++;
                int own = generation;
                // an event that was under way when we were stopped has to be counted before we ask for what follows it
                last.whenComplete((done, failure) -> turn(() -> connect(own)));
            }
        });
    }

    /**
     * Reads no more, at once; an event that has been handed over is waited for by nobody, but its position is stored.
     *
     * @return complete when nothing is left to store, unless an event is still being taken
     */
    public CompletableFuture<Void> stop() {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        running = false;
        SseAttempt now = attempt;
        if (now != null) {
            now.cancel();
        }
        turn(() -> {
            generation++;
            running = false;
            phase = phase == Phase.FINISHED ? phase : Phase.PAUSED;
            SseAttempt late = attempt;
            if (late != null) {
                late.cancel();
            }
            store(true);
            stopped.complete(null);
        });
        return stopped;
    }

    /** Whoever closes the loop wants no more. */
    private void turn(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: closed", dial.name(ask.uri()));
        }
    }

    private void connect(int own) {
        if (!running || own != generation) {
            return;
        }
        phase = Phase.CONNECTING;
        progress = false;
        SseAttempt next = new SseAttempt(dial, ask, position, this::take, this::turn);
        attempt = next;
        next.start().whenComplete((end, failure) -> turn(() -> over(own, next, end, failure)));
    }

    private CompletionStage<Void> take(SseEvent event) {
        if (!running) {
            return CompletableFuture.failedStage(new CancellationException());
        }
        taking.incrementAndGet();
        CompletableFuture<Void> done = taker.apply(event)
                .toCompletableFuture()
                .thenRunAsync(() -> taken(event), this::turn)
                .whenComplete((stored, failure) -> taking.decrementAndGet());
        last = done.handle((stored, failure) -> null);
        return done;
    }

    private void taken(SseEvent event) {
        if (failures.get() > 0) {
            LOG.info("{}: events come again", dial.name(ask.uri()));
        }
        progress = true;
        failures.set(0);
        trouble = null;
        move(event.id());
        store(!running);
    }

    private void move(String id) {
        if (id.length() <= MAX_ID && id.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            position = id;
        } else {
            LOG.debug("{}: an id that fits into no header is not remembered", dial.name(ask.uri()));
        }
    }

    /** At once, and then not again for {@value #BREATH_MILLIS} ms: a disk is slower than a stream. */
    private void store(boolean now) {
        if (positions == null || position.equals(stored) || (breathing && !now)) {
            return;
        }
        try {
            positions.store(position);
            stored = position;
            unstored = null;
        } catch (IOException e) {
            if (unstored == null) {
                LOG.warn("the position cannot be kept: {}", e.toString());
            }
            unstored = "the position cannot be kept: " + e;
        }
        breathe();
    }

    private void breathe() {
        breathing = true;
        try {
            loop.schedule(
                    () -> {
                        breathing = false;
                        store(false);
                    },
                    BREATH_MILLIS,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            breathing = false;
        }
    }

    private void over(int own, SseAttempt ended, SseAttempt.@Nullable End end, @Nullable Throwable failure) {
        if (!running || own != generation) {
            return;
        }
        if (ended.retry() >= 0) {
            retry = ended.retry();
        }
        if (end == SseAttempt.End.FINISHED) {
            phase = Phase.FINISHED;
            failures.set(0);
            trouble = null;
            LOG.info("{} answered 204: the stream is finished", dial.name(ask.uri()));
            return;
        }
        if (end == SseAttempt.End.OVER) {
            move(ended.lastEventId());
            store(false);
        }
        Duration wait = end == SseAttempt.End.OVER && progress
                ? Backoff.spread(
                        Duration.ofMillis(Math.min(retry, ask.patience().most().toMillis())), chance())
                : failed(ended, failure);
        phase = Phase.WAITING;
        last.whenComplete((done, x) -> connectIn(wait, own));
    }

    private Duration failed(SseAttempt ended, @Nullable Throwable failure) {
        String what = failure == null ? "ended without an event" : what(failure);
        int inARow = failures.incrementAndGet();
        trouble = what;
        if (inARow == 1) {
            LOG.warn("{}: {}; trying again", dial.name(ask.uri()), what);
        } else {
            LOG.debug("{}: {}, {} times", dial.name(ask.uri()), what, inARow);
        }
        if (failure instanceof DialException known
                && (known.fault() == Fault.SILENT || known.fault() == Fault.TIMEOUT)) {
            dial.renew();
        }
        Duration first = Duration.ofMillis(Math.max(MIN_RETRY_MILLIS, retry));
        Duration backoff = new Backoff(first, ask.patience().most()).after(inARow, chance());
        Duration asked = Duration.ofMillis(ended.retryAfter());
        return asked.compareTo(backoff) > 0 ? asked : backoff;
    }

    private static String what(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof DialException known ? String.valueOf(known.getMessage()) : cause.toString();
    }

    private static double chance() {
        return ThreadLocalRandom.current().nextDouble();
    }

    private void connectIn(Duration wait, int own) {
        try {
            loop.schedule(() -> connect(own), wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: closed", dial.name(ask.uri()));
        }
    }
}
