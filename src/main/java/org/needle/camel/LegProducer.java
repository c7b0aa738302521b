package org.needle.camel;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;
import org.needle.edge.Reach;
import org.needle.hub.Content;
import org.needle.hub.Draft;
import org.needle.hub.Event;
import org.needle.hub.Hub;
import org.needle.hub.Topic;

/** Publishes exchanges as events. Never blocks; the exchange goes on when the log has the event, or it is confirmed. */
final class LegProducer extends DefaultAsyncProducer {
    /** What the URI says of the event. */
    record Defaults(Topic topic, @Nullable String name, @Nullable String key, @Nullable Duration ttl) {}

    private final Defaults defaults;
    private final LegTerms terms;
    private final PushComponent component;
    private volatile Topic recent;
    /** From start to stop of a leg that waits. */
    private volatile @Nullable LegHealth health;

    LegProducer(LegEndpoint endpoint, Defaults defaults, LegTerms terms) {
        super(endpoint);
        this.defaults = defaults;
        this.terms = terms;
        this.recent = defaults.topic();
        this.component = PushComponent.of(endpoint.getCamelContext());
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        if (terms.isConfirming()) {
            LegHealth leg = component.confirming().health(terms.terms().transport());
            leg.enter();
            health = leg;
        }
    }

    @Override
    protected void doStop() throws Exception {
        LegHealth leg = health;
        if (leg != null) {
            leg.leave();
        }
        health = null;
        super.doStop();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        return terms.isWaiting() ? confirm(exchange, callback) : log(exchange, callback);
    }

    private boolean log(Exchange exchange, AsyncCallback callback) {
        CompletableFuture<Event> event;
        try {
            event = publish(exchange);
        } catch (Exception e) { // every failure of a producer belongs to its exchange
            return failed(exchange, e, callback);
        }
        boolean sync = event.isDone();
        event.whenComplete((published, failure) -> {
            if (failure == null) {
                exchange.getMessage()
                        .setHeader(PushHeaders.EVENT_ID, published.position().toString());
            } else {
                exchange.setException(cause(failure));
            }
            callback.done(sync);
        });
        return sync;
    }

    private boolean confirm(Exchange exchange, AsyncCallback callback) {
        Confirming confirming = component.confirming();
        try {
            confirming.enter();
        } catch (RuntimeException e) {
            return failed(exchange, e, callback);
        }
        Confirmed confirmed = new Confirmed(exchange, confirming);
        CompletableFuture<Boolean> outcome;
        try {
            outcome = publish(exchange).thenCompose(confirmed::await);
        } catch (Exception e) { // every failure of a producer belongs to its exchange
            confirming.leave();
            return failed(exchange, e, callback);
        }
        if (outcome.isDone()) {
            outcome.whenComplete(confirmed::conclude);
            callback.done(true);
            return true;
        }
        outcome.whenCompleteAsync(
                (done, failure) -> {
                    confirmed.conclude(done, failure);
                    callback.done(false);
                },
                confirming.continuing());
        return false;
    }

    /** One exchange that waits. */
    private final class Confirmed {
        private final Exchange exchange;
        private final Confirming confirming;
        private final boolean waits;
        private volatile @Nullable Reach reach;

        Confirmed(Exchange exchange, Confirming confirming) {
            this.exchange = exchange;
            this.confirming = confirming;
            LegHealth leg = health;
            this.waits = leg == null || leg.mayWait();
        }

        CompletableFuture<Boolean> await(Event event) {
            exchange.getMessage()
                    .setHeader(PushHeaders.EVENT_ID, event.position().toString());
            Reach known = Lineage.of(exchange).reach(event, confirming);
            reach = known;
            // a leg that is down publishes too: who is left is known exactly then, and nobody loses the event
            return waits ? confirming.await(known, terms.terms(), terms.time()) : confirming.look(known, terms.terms());
        }

        void conclude(@Nullable Boolean done, @Nullable Throwable failure) {
            confirming.leave();
            Reach known = reach;
            if (known != null) {
                exchange.getMessage().setHeader(PushHeaders.REACHED, known.reached());
                exchange.getMessage().setHeader(PushHeaders.UNREACHED, known.unreached());
            }
            if (failure != null) {
                exchange.setException(cause(failure));
            } else if (known != null && !Boolean.TRUE.equals(done)) {
                exchange.setException(terms.unreached(getEndpoint().toString(), exchange, known, waits));
            }
        }
    }

    private static boolean failed(Exchange exchange, Exception failure, AsyncCallback callback) {
        exchange.setException(failure);
        callback.done(true);
        return true;
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private CompletableFuture<Event> publish(Exchange exchange) throws CamelExchangeException {
        Hub hub = component.gateway().hub();
        String name = Received.chosen(exchange, PushHeaders.EVENT_NAME, defaults.name());
        String topicName =
                Received.chosen(exchange, PushHeaders.TOPIC, defaults.topic().name());
        Topic topic = topicName == null ? defaults.topic() : topic(topicName);
        String key = exchange.getMessage().getHeader(PushHeaders.KEY, defaults.key(), String.class);
        Lineage lineage = Lineage.of(exchange);
        Content content = lineage.content(exchange, name);
        String repeat = lineage.idempotencyKey(exchange);
        if (repeat != null && !Received.is(exchange, PushHeaders.IDEMPOTENCY_KEY)) {
            return hub.publish(new Draft(topic, content, key, defaults.ttl(), repeat));
        }
        return lineage.once(exchange, topic, content, () -> {
            String same = repeat == null ? null : lineage.next(repeat, topic);
            return hub.publish(new Draft(topic, content, key, defaults.ttl(), same));
        });
    }

    /** Most events go where the one before went: its name need not be checked again. */
    private Topic topic(String name) {
        Topic known = recent;
        if (!known.name().equals(name)) {
            known = Topic.of(name);
            recent = known;
        }
        return known;
    }
}
