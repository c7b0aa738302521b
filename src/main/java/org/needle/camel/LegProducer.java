package org.needle.camel;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Content;
import org.needle.hub.Draft;
import org.needle.hub.Event;
import org.needle.hub.Hub;
import org.needle.hub.Topic;

/** Publishes exchanges as events. Never blocks; the exchange goes on when the log has the event. */
final class LegProducer extends DefaultAsyncProducer {
    /** What the URI says. */
    record Defaults(Topic topic, @Nullable String name, @Nullable String key, @Nullable Duration ttl) {}

    private final Defaults defaults;
    private final PushComponent component;
    private volatile Topic recent;

    LegProducer(LegEndpoint endpoint, Defaults defaults) {
        super(endpoint);
        this.defaults = defaults;
        this.recent = defaults.topic();
        this.component = PushComponent.of(endpoint.getCamelContext());
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        CompletableFuture<Event> event;
        try {
            event = publish(exchange);
        } catch (Exception e) { // every failure of a producer belongs to its exchange
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        boolean sync = event.isDone();
        event.whenComplete((published, failure) -> {
            if (failure == null) {
                exchange.getMessage()
                        .setHeader(PushHeaders.EVENT_ID, published.position().toString());
            } else {
                exchange.setException(failure instanceof CompletionException ? failure.getCause() : failure);
            }
            callback.done(sync);
        });
        return sync;
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
