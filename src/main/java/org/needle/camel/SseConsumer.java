package org.needle.camel;

import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.spi.ExecutorServiceManager;
import org.jspecify.annotations.Nullable;
import org.needle.client.SseAsk;
import org.needle.client.SseEvent;
import org.needle.client.SseSource;

/**
 * Makes an exchange of each event of a remote stream, one after the other, on a thread of its own: the next one is taken when the
 * route is through, and the server is slowed down meanwhile.
 */
final class SseConsumer extends DrainedConsumer {
    private final SseEndpoint endpoint;
    private final SseSource.Way way;
    private final StoredPosition stored;

    // from start to stop
    private @Nullable ScheduledExecutorService loop;
    private volatile @Nullable SseSource source;

    /** @throws IllegalArgumentException naming everything that is wrong with the options */
    SseConsumer(SseEndpoint endpoint, Processor processor, URI target) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        String place = "sse:" + endpoint.getTopic();
        OptionReader reader = OptionReader.ofEndpoint(place + ": ");
        SseStreamOptions options = endpoint.getConfiguration();
        this.stored = StoredPosition.of(options.getPositionRepository(), place, endpoint.getCamelContext());
        SseAsk ask = options.ask(target, reader);
        this.way = new SseSource.Way(component().dial(options, reader), ask, stored.positions());
    }

    private SseComponent component() {
        return (SseComponent) endpoint.getComponent();
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        setHealthCheck(new StreamHealth(getRouteId(), () -> source));
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        component().claim(stored.file());
        ExecutorServiceManager executors = endpoint.getCamelContext().getExecutorServiceManager();
        ScheduledExecutorService own = executors.newSingleThreadScheduledExecutor(this, "sse");
        loop = own;
        SseSource following = new SseSource(way, begin(), this::take, own);
        source = following;
        following.start();
    }

    private String begin() throws IOException {
        String kept = way.positions() == null ? null : way.positions().load();
        return kept == null || kept.isEmpty()
                ? Objects.requireNonNullElse(endpoint.getConfiguration().getLastEventId(), "")
                : kept;
    }

    private CompletionStage<Void> take(SseEvent event) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Exchange exchange = createExchange(false);
        fill(exchange, event);
        getAsyncProcessor().process(exchange, sync -> conclude(exchange, done));
        return done;
    }

    /** The name is what the remote server chose: a leg takes it if its URI says nothing else. */
    private static void fill(Exchange exchange, SseEvent event) {
        exchange.getMessage().setBody(event.data());
        if (!event.id().isEmpty()) {
            exchange.getMessage().setHeader(SseHeaders.STREAM_ID, event.id());
        }
        if (!event.name().equals(SseEvent.UNNAMED)) {
            exchange.getMessage().setHeader(SseHeaders.STREAM_NAME, event.name());
            Received.set(exchange, PushHeaders.EVENT_NAME, event.name());
        }
    }

    private void conclude(Exchange exchange, CompletableFuture<Void> done) {
        Exception failure = exchange.getException();
        boolean again = failure != null && endpoint.getConfiguration().isBreakOnFirstError();
        if (failure != null && !again) {
            handleException("an event of the stream failed", exchange, failure);
        }
        releaseExchange(exchange, false);
        if (again) {
            done.completeExceptionally(failure);
        } else {
            done.complete(null);
        }
    }

    @Override
    protected void doSuspend() {
        SseSource following = source;
        if (following != null) {
            following.stop();
        }
    }

    @Override
    protected void doResume() {
        SseSource following = source;
        if (following != null) {
            following.start();
        }
    }

    @Override
    protected void doStop() throws Exception {
        SseSource following = source;
        if (following != null) {
            // a route that hangs has been waited for already
            following.stop().completeOnTimeout(null, 1, TimeUnit.SECONDS).join();
        }
        if (loop != null) {
            endpoint.getCamelContext().getExecutorServiceManager().shutdownNow(loop);
            loop = null;
        }
        if (source != null) {
            component().release(stored.file());
        }
        source = null;
        super.doStop();
    }

    @Override
    public int getPendingExchangesSize() {
        SseSource following = source;
        return following == null ? 0 : following.taking();
    }
}
