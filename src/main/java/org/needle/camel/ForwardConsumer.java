package org.needle.camel;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.needle.client.Dial;
import org.needle.client.Lanes;
import org.needle.client.SseEvent;
import org.needle.edge.ForwardAnswer;
import org.needle.edge.ForwardRequest;
import org.needle.edge.Forwarder;
import org.needle.edge.Registration;
import org.needle.hub.Content;

/** Forwards what clients ask for under {@code /proxy/NAME}, and makes an exchange of each event of the answer. */
final class ForwardConsumer extends DrainedConsumer implements Forwarder {
    private final HttpsProxyComponent component;
    private final String name;
    private final ForwardPlan plan;
    private final Lanes lanes;
    /** Events that are in the route. */
    private final AtomicInteger pending = new AtomicInteger();

    private @Nullable Registration registration;

    ForwardConsumer(HttpsProxyEndpoint endpoint, Processor processor, String name) {
        super(endpoint, processor);
        this.component = (HttpsProxyComponent) endpoint.getComponent();
        this.name = name;
        this.plan = ForwardPlan.of(endpoint, name);
        this.lanes = new Lanes(new Dial.Settings(
                component.way(plan),
                component.trust(),
                Duration.ofMillis(plan.way().connect())));
    }

    @Override
    public Runnable forward(ForwardRequest request, ForwardAnswer to) {
        ForwardRoutes routes = component.routes();
        ForwardCall.Steps steps = new ForwardCall.Steps() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public CompletionStage<@Nullable Content> take(SseEvent event, ForwardRequest of) {
                return routes.find(name).thenCompose(now -> now.route(event, of));
            }
        };
        return new ForwardCall(steps, plan, request, to, lanes.take()).start();
    }

    /** Runs the route's steps on a thread that may block. */
    private CompletionStage<@Nullable Content> route(SseEvent event, ForwardRequest request) {
        CompletableFuture<@Nullable Content> done = new CompletableFuture<>();
        pending.incrementAndGet();
        done.whenComplete((content, failure) -> pending.decrementAndGet());
        try {
            component.execute(() -> {
                Exchange exchange = createExchange(false);
                fill(exchange, event, request);
                getAsyncProcessor().process(exchange, sync -> conclude(exchange, done));
            });
        } catch (RejectedExecutionException e) { // the gateway stops
            done.completeExceptionally(e);
        }
        return done;
    }

    private void fill(Exchange exchange, SseEvent event, ForwardRequest request) {
        Message message = exchange.getMessage();
        message.setBody(event.data());
        Received.set(exchange, PushHeaders.TOPIC, "proxy/" + name);
        if (!event.name().equals(SseEvent.UNNAMED)) {
            Received.set(exchange, PushHeaders.EVENT_NAME, event.name());
        }
        message.setHeader(PushHeaders.SESSION, request.sender().session());
        message.setHeader(PushHeaders.TRANSPORT, request.sender().transport().label());
        if (request.sender().subject() != null) {
            message.setHeader(PushHeaders.SUBJECT, request.sender().subject());
        }
        message.setHeader(HttpsProxyHeaders.METHOD, request.target().method());
        message.setHeader(HttpsProxyHeaders.PATH, request.target().path());
        if (!event.id().isEmpty()) {
            message.setHeader(HttpsProxyHeaders.UPSTREAM_ID, event.id());
        }
    }

    private void conclude(Exchange exchange, CompletableFuture<@Nullable Content> done) {
        try {
            if (exchange.getException() != null) {
                done.completeExceptionally(exchange.getException());
            } else if (exchange.isRouteStop() || exchange.getMessage().getBody() == null) {
                done.complete(null);
            } else {
                done.complete(Bodies.content(
                        exchange, exchange.getMessage().getHeader(PushHeaders.EVENT_NAME, String.class)));
            }
        } catch (CamelExchangeException | RuntimeException e) { // an event that is none is a failure of the route
            done.completeExceptionally(e);
        } finally {
            releaseExchange(exchange, false);
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        listen();
    }

    private void listen() {
        component.routes().add(name, this);
        registration = PushComponent.of(getEndpoint().getCamelContext())
                .gateway()
                .edge()
                .forwards()
                .open(name, this, plan.settings());
    }

    private void leave() {
        Registration open = registration;
        if (open != null) {
            open.close();
        }
        registration = null;
        component.routes().remove(name, this);
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
        listen();
    }

    @Override
    public int getPendingExchangesSize() {
        return pending.get();
    }
}
