package org.needle.client;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One connection to a stream, redirects included: from the request to its end. */
final class SseAttempt implements SseReader {
    private static final String EVENT_STREAM = "text/event-stream";
    private static final int NO_CONTENT = 204;
    private static final int TICKS = 4;
    private static final long MAX_RETRY_AFTER = 3_600_000;

    /** How it ended, if it was not by a fault. */
    enum End {
        /** The server has ended the stream; it may be opened again. */
        OVER,
        /** The server does not want us back (204). */
        FINISHED
    }

    private final Dial dial;
    private final SseAsk ask;
    private final String position;
    private final Function<SseEvent, CompletionStage<Void>> taker;
    /** Where events are handed over. */
    private final Executor turn;

    private final CompletableFuture<End> result = new CompletableFuture<>();
    private final AtomicInteger silentTicks = new AtomicInteger();
    private volatile boolean waiting;
    private volatile @Nullable SseBody body;
    private volatile long retry = -1;
    private volatile long retryAfter;

    SseAttempt(Dial dial, SseAsk ask, String position, Function<SseEvent, CompletionStage<Void>> taker, Executor turn) {
        this.dial = dial;
        this.ask = ask;
        this.position = position;
        this.taker = taker;
        this.turn = turn;
    }

    CompletableFuture<End> start() {
        go(ask.uri(), 0);
        return result;
    }

    /** Ends it at once; an event that has been handed over goes its way. */
    void cancel() {
        result.cancel(false);
        SseBody reading = body;
        if (reading != null) {
            reading.cancel();
        }
    }

    boolean isOpen() {
        return body != null && !result.isDone();
    }

    /** What the server has said in {@code retry:}, in ms; -1 if nothing. */
    long retry() {
        return retry;
    }

    /** What a refusal has said in {@code Retry-After}, in ms; 0 if nothing. */
    long retryAfter() {
        return retryAfter;
    }

    /** The id to come back with, once the attempt is over and every event has been taken. */
    String lastEventId() {
        SseBody read = body;
        return read == null ? position : read.lastEventId();
    }

    private void go(URI uri, int redirects) {
        CompletableFuture<HttpResponse<@Nullable SseBody>> answer = dial.send(request(uri), this::handler);
        result.whenComplete((end, failure) -> answer.cancel(true));
        answer.whenComplete((response, failure) -> {
            if (failure != null) {
                result.completeExceptionally(cause(failure));
                return;
            }
            try {
                answered(uri, response, redirects);
            } catch (DialException e) {
                result.completeExceptionally(e);
            }
        });
    }

    private HttpRequest request(URI uri) {
        HttpRequest.Builder request = dial.request(uri)
                .timeout(ask.patience().response())
                .header("Accept", EVENT_STREAM)
                .header("Cache-Control", "no-store");
        if (!Redirect.isElsewhere(ask.uri(), uri)) {
            ask.headers().forEach((name, values) -> {
                values.stream().limit(1).forEach(value -> request.setHeader(name, value));
                values.stream().skip(1).forEach(value -> request.header(name, value));
            });
        }
        if (!position.isEmpty()) {
            request.setHeader("Last-Event-ID", position);
        }
        return request.build();
    }

    private HttpResponse.BodySubscriber<@Nullable SseBody> handler(HttpResponse.ResponseInfo head) {
        return isStream(
                        head.statusCode(),
                        head.headers().firstValue("Content-Type").orElse(""))
                ? HttpResponse.BodySubscribers.mapping(new SseBody(ask.limits(), position, this), read -> read)
                : HttpResponse.BodySubscribers.replacing(null);
    }

    private static boolean isStream(int status, String type) {
        return status == 200
                && type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT).equals(EVENT_STREAM);
    }

    private void answered(URI uri, HttpResponse<@Nullable SseBody> response, int redirects) throws DialException {
        int status = response.statusCode();
        SseBody stream = response.body();
        if (stream != null) {
            read(stream);
        } else if (status == NO_CONTENT) {
            result.complete(End.FINISHED);
        } else if (Redirect.is(status)) {
            URI to = Redirect.to(
                    uri, status, response.headers().firstValue("Location").orElse(null));
            if (redirects == Redirect.MOST) {
                throw new DialException(
                        Fault.ANSWERED, status, "more than " + Redirect.MOST + " redirects in a row", null);
            }
            go(to, redirects + 1);
        } else {
            retryAfter = retryAfter(response);
            String type = response.headers().firstValue("Content-Type").orElse("nothing");
            String what = status == 200 ? "200 with " + type + " instead of " + EVENT_STREAM : Integer.toString(status);
            throw new DialException(Fault.ANSWERED, status, dial.name(uri) + " answered " + what, null);
        }
    }

    private static long retryAfter(HttpResponse<?> response) {
        String seconds = response.headers().firstValue("Retry-After").orElse("").trim();
        return seconds.matches("[0-9]{1,9}") ? Math.min(Long.parseLong(seconds) * 1_000, MAX_RETRY_AFTER) : 0;
    }

    private void read(SseBody stream) {
        body = stream;
        if (result.isDone()) {
            stream.cancel();
            return;
        }
        tickLater();
        stream.ended().whenComplete((done, failure) -> {
            if (failure == null) {
                result.complete(End.OVER);
            } else {
                result.completeExceptionally(cause(failure));
            }
        });
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    // ---- silence is told by ticks that no byte has interrupted ----

    private void tickLater() {
        long millis = ask.patience().read().toMillis() / TICKS;
        if (millis > 0) {
            CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(this::tick);
        }
    }

    private void tick() {
        if (result.isDone()) {
            return;
        }
        if (waiting && silentTicks.incrementAndGet() > TICKS) {
            result.completeExceptionally(new DialException(
                    Fault.SILENT,
                    dial.name(ask.uri()) + " has said nothing for "
                            + ask.patience().read().toMillis() + " ms",
                    null));
            cancel();
        } else {
            tickLater();
        }
    }

    @Override
    public void onWaiting() {
        silentTicks.set(0);
        waiting = true;
    }

    @Override
    public void onBytes() {
        waiting = false;
    }

    @Override
    public void onRetry(long millis) {
        retry = millis;
    }

    @Override
    public CompletionStage<Void> onEvent(SseEvent event) {
        return CompletableFuture.supplyAsync(() -> taker.apply(event), turn).thenCompose(taken -> taken);
    }
}
