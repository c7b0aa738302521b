package org.needle.client;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Reads a response as an event stream, one buffer at a time: the server is asked for more when all events of a buffer have been
 * taken, so a slow reader slows the server down and holds no more than that buffer and one event. The response is there as soon
 * as its head is; {@link #ended} says when and how the body has ended.
 */
public final class SseBody implements HttpResponse.BodySubscriber<SseBody>, SseParser.Sink {
    private final SseReader reader;
    private final SseParser parser;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    // guarded by this: the HTTP client's threads bring buffers and the end, the reader's bring the next turn
    private final Queue<SseEvent> pending = new ArrayDeque<>();
    private boolean delivering;
    private boolean over;
    private @Nullable Throwable failure;
    private Flow.@Nullable Subscription upstream;

    /** @param lastEventId what the stream before this one ended with; empty if there was none */
    public SseBody(SseParser.Limits limits, String lastEventId, SseReader reader) {
        this.reader = reader;
        this.parser = new SseParser(limits, lastEventId, this);
    }

    @Override
    public CompletionStage<SseBody> getBody() {
        return CompletableFuture.completedStage(this);
    }

    /**
     * Complete once the server has ended the body and the last event has been taken; exceptionally with a {@link DialException}
     * if the connection was cut or a limit was broken, with what the reader failed with, or cancelled by {@link #cancel}.
     */
    public CompletableFuture<Void> ended() {
        return ended;
    }

    /** The id to come back with once all events are taken: blocks without data move it too. */
    public synchronized String lastEventId() {
        return parser.lastEventId();
    }

    /** Reads no more; events that have not been handed over are dropped. */
    public void cancel() {
        Flow.Subscription subscription;
        synchronized (this) {
            pending.clear();
            over = true;
            subscription = upstream;
        }
        ended.cancel(false);
        if (subscription != null) {
            subscription.cancel();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        synchronized (this) {
            upstream = subscription;
        }
        if (ended.isDone()) {
            subscription.cancel();
        } else {
            more(subscription);
        }
    }

    private void more(Flow.Subscription subscription) {
        reader.onWaiting();
        subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        reader.onBytes();
        synchronized (this) {
            try {
                for (ByteBuffer buffer : buffers) {
                    parser.feed(buffer);
                }
            } catch (DialException e) {
                failure = e;
                over = true;
            }
        }
        deliver();
    }

    @Override
    public void onError(Throwable cause) {
        end(new DialException(Fault.CUT, "the stream was cut", cause));
    }

    @Override
    public void onComplete() {
        end(null);
    }

    private void end(@Nullable Throwable cause) {
        synchronized (this) {
            over = true;
            failure = failure == null ? cause : failure;
        }
        deliver();
    }

    @Override
    public void event(SseEvent event) {
        pending.add(event);
    }

    @Override
    public void retry(long millis) {
        reader.onRetry(millis);
    }

    /** One turn at a time, on whichever thread has brought the last thing that was waited for. */
    private void deliver() {
        for (SseEvent next = take(); next != null; next = take()) {
            CompletableFuture<Void> taken = hand(next);
            if (!taken.isDone() || taken.isCompletedExceptionally()) {
                taken.whenComplete((done, cause) -> taken(cause));
                return;
            }
            synchronized (this) {
                delivering = false;
            }
        }
    }

    private CompletableFuture<Void> hand(SseEvent event) {
        try {
            return reader.onEvent(event).toCompletableFuture();
        } catch (RuntimeException e) { // a reader that throws is a reader that fails
            return CompletableFuture.failedFuture(e);
        }
    }

    private void taken(@Nullable Throwable cause) {
        synchronized (this) {
            delivering = false;
            if (cause != null) {
                pending.clear();
                failure = cause;
                over = true;
            }
        }
        deliver();
    }

    /** The next event to hand over; null if somebody else is at it, or if there is none: then the next buffer is asked for. */
    private @Nullable SseEvent take() {
        Flow.Subscription subscription;
        Throwable cause;
        synchronized (this) {
            if (delivering) {
                return null;
            }
            SseEvent next = pending.poll();
            if (next != null) {
                delivering = true;
                return next;
            }
            subscription = over ? null : upstream;
            cause = failure;
        }
        if (subscription != null) {
            more(subscription);
        } else if (cause == null) {
            ended.complete(null);
        } else {
            stop();
            ended.completeExceptionally(cause);
        }
        return null;
    }

    private void stop() {
        Flow.Subscription subscription;
        synchronized (this) {
            subscription = upstream;
        }
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
