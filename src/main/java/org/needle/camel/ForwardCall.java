package org.needle.camel;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.needle.client.DialException;
import org.needle.client.Fault;
import org.needle.client.Lanes;
import org.needle.client.SseBody;
import org.needle.client.SseEvent;
import org.needle.client.SseParser;
import org.needle.client.SseReader;
import org.needle.edge.ForwardAnswer;
import org.needle.edge.ForwardRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way to an upstream, and the answer on its way back, one buffer and one event at a time. Called by the threads of
 * the HTTP client, of the route and of the edge; what they share is atomic or final.
 */
final class ForwardCall implements SseReader {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardCall.class);
    private static final int BAD_GATEWAY = 502;
    private static final int TIMEOUT = 504;
    private static final int FORBIDDEN = 403;

    private final Steps steps;
    private final ForwardPlan plan;
    private final ForwardRequest request;
    private final ForwardAnswer answer;
    private final Lanes.Place place;
    private final AtomicBoolean gone = new AtomicBoolean();
    private volatile @Nullable CompletableFuture<?> asking;
    private volatile @Nullable SseBody events;

    /** The route's steps, and the name that they have in logs. */
    interface Steps {
        String name();

        /** What becomes of an event; null in the stage if a step drops it. */
        CompletionStage<org.needle.hub.@Nullable Content> take(SseEvent event, ForwardRequest request);
    }

    ForwardCall(Steps steps, ForwardPlan plan, ForwardRequest request, ForwardAnswer answer, Lanes.Place place) {
        this.steps = steps;
        this.plan = plan;
        this.request = request;
        this.answer = answer;
        this.place = place;
    }

    /** Asks; what is returned lets the upstream go. */
    Runnable start() {
        HttpRequest asked;
        try {
            asked = asked();
        } catch (IllegalArgumentException e) {
            place.close();
            answer.refuse(BAD_GATEWAY, "this request cannot be forwarded");
            return () -> {};
        }
        CompletableFuture<HttpResponse<Optional<Flow.Publisher<List<ByteBuffer>>>>> sent =
                place.dial().send(asked, this::body);
        asking = sent;
        sent.whenComplete((response, failure) -> {
            if (failure != null) {
                place.close();
                refuse(failure);
            } else if (response.body().isPresent()) {
                answer.body(
                        new ForwardAnswer.Head(
                                response.statusCode(), response.headers().map()),
                        response.body().get());
            }
        });
        return this::letGo;
    }

    private HttpRequest asked() {
        ForwardRequest.Target target = request.target();
        HttpRequest.Builder asked = place.request(plan.target(target.path(), target.query()))
                .timeout(Duration.ofMillis(plan.way().respond()))
                .method(
                        target.method(),
                        request.body().length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(request.body()));
        request.headers().forEach(header -> asked.header(header.getKey(), header.getValue()));
        plan.headers().forEach(asked::setHeader);
        asked.setHeader("Via", "1.1 needle");
        return asked.build();
    }

    /** Events are read from here on; of anything else the publisher is handed on. */
    private HttpResponse.BodySubscriber<Optional<Flow.Publisher<List<ByteBuffer>>>> body(
            HttpResponse.ResponseInfo head) {
        String type = head.headers().firstValue("content-type").orElse("").toLowerCase(Locale.ROOT);
        boolean plain =
                head.headers().firstValue("content-encoding").orElse("identity").equalsIgnoreCase("identity");
        if (head.statusCode() / 100 != 2 || !type.startsWith("text/event-stream") || !plain) {
            return HttpResponse.BodySubscribers.mapping(HttpResponse.BodySubscribers.ofPublisher(), Optional::of);
        }
        answer.begin();
        int most = plan.settings().bounds().event();
        SseBody body = new SseBody(new SseParser.Limits(most + 1_024, most), "", this);
        events = body;
        body.ended().whenComplete((done, failure) -> {
            place.close();
            ended(failure);
        });
        if (gone.get()) {
            body.cancel();
        }
        return HttpResponse.BodySubscribers.mapping(body, same -> Optional.empty());
    }

    private void ended(@Nullable Throwable failure) {
        if (failure == null) {
            answer.end();
        } else {
            if (!gone.get()) {
                LOG.warn("/proxy/{}: an answer broke off: {}", steps.name(), failure.getMessage());
            }
            answer.fail();
        }
    }

    @Override
    public CompletionStage<Void> onEvent(SseEvent event) {
        return steps.take(event, request)
                .thenCompose(content ->
                        content == null ? CompletableFuture.<Void>completedFuture(null) : answer.event(content));
    }

    private void refuse(Throwable failure) {
        if (gone.get()) {
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean late = cause instanceof DialException fault && fault.fault() == Fault.TIMEOUT;
        boolean closed = cause instanceof DialException exit
                && exit.fault() == Fault.PROXY_REFUSED
                && exit.status() == FORBIDDEN
                && plan.way().proxy() == null;
        String why = closed
                ? plan.upstream().getHost() + " has no public address; allowPrivate=true lets others be connected to"
                : String.valueOf(cause.getMessage());
        LOG.warn("/proxy/{}: {}", steps.name(), why);
        answer.refuse(
                late ? TIMEOUT : BAD_GATEWAY,
                late ? "the upstream does not answer in time" : "the upstream cannot be reached");
    }

    private void letGo() {
        gone.set(true);
        place.close();
        CompletableFuture<?> sent = asking;
        if (sent != null) {
            sent.cancel(true);
        }
        SseBody body = events;
        if (body != null) {
            body.cancel();
        }
    }
}
