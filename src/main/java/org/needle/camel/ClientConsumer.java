package org.needle.camel;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.needle.edge.Registration;
import org.needle.hub.RefusedException;

/**
 * Makes exchanges of what clients send. Messages arrive on event loops and routes may block, so each goes to a thread of the
 * component first; the stage that the edge gets completes when the route is through.
 */
abstract class ClientConsumer extends DrainedConsumer {
    /** Messages taken from the edge whose route is not through. */
    private final AtomicInteger pending = new AtomicInteger();

    private @Nullable Registration registration;

    ClientConsumer(Endpoint endpoint, Processor processor) {
        super(endpoint, processor);
    }

    /** Begins to take messages, until the registration is closed. */
    abstract Registration listen(Gateway gateway);

    /** Runs the route; {@code fill} puts the message into the exchange. */
    final CompletionStage<Void> route(Consumer<Exchange> fill) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        pending.incrementAndGet();
        try {
            PushComponent.of(getEndpoint().getCamelContext()).execute(() -> run(fill, done));
        } catch (RefusedException e) {
            pending.decrementAndGet();
            done.completeExceptionally(e);
        }
        return done;
    }

    private void run(Consumer<Exchange> fill, CompletableFuture<Void> done) {
        Exchange exchange = createExchange(false);
        fill.accept(exchange);
        getAsyncProcessor().process(exchange, sync -> {
            Exception failure = exchange.getException();
            releaseExchange(exchange, false);
            pending.decrementAndGet();
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(failure);
            }
        });
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        registration = listen(PushComponent.of(getEndpoint().getCamelContext()).gateway());
    }

    @Override
    protected void doStop() throws Exception {
        leave();
        super.doStop();
    }

    @Override
    protected void doSuspend() {
        leave();
    }

    @Override
    protected void doResume() {
        registration = listen(PushComponent.of(getEndpoint().getCamelContext()).gateway());
    }

    private void leave() {
        Registration open = registration;
        if (open != null) {
            open.close();
        }
        registration = null;
    }

    @Override
    public int getPendingExchangesSize() {
        return pending.get();
    }
}
