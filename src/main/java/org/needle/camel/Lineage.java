package org.needle.camel;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.jspecify.annotations.Nullable;
import org.needle.edge.Reach;
import org.needle.hub.Content;
import org.needle.hub.Draft;
import org.needle.hub.Event;
import org.needle.hub.Topic;

/**
 * What the exchanges that descend from one exchange have published. An event that goes out through several legs is one event,
 * and the legs know nothing of each other: each has its own copy of the exchange. What the copies do share is this object,
 * because Camel copies the reference. Without it every leg, and every redelivery, would repeat the event to all subscribers.
 *
 * <p>Callable from any thread: legs may run in parallel.
 */
final class Lineage {
    /** The property of an exchange that holds its lineage. */
    static final String PROPERTY = "CamelPushLineage";

    private final String id;
    private final @Nullable Object inheritedKey;
    private final Map<Leg, CompletableFuture<Event>> events = new ConcurrentHashMap<>();
    private final Map<Topic, AtomicInteger> counts = new ConcurrentHashMap<>();
    private volatile @Nullable Reading reading;

    // guarded by this: how far the events have come for which legs have waited, by their offsets
    private final Map<Long, Reach> reaches = new HashMap<>(2);
    private @Nullable Reach newest;

    private Lineage(Exchange exchange, @Nullable Object inheritedKey) {
        this.id = exchange.getExchangeId();
        this.inheritedKey = inheritedKey;
    }

    /** The lineage of an exchange, which begins here if nothing has begun it before. */
    static Lineage of(Exchange exchange) {
        if (exchange.getProperty(PROPERTY) instanceof Lineage known) {
            return known;
        }
        Lineage begun = new Lineage(exchange, null);
        exchange.setProperty(PROPERTY, begun);
        return begun;
    }

    /** Makes a part of a split a lineage of its own, for its data may well equal that of another part. */
    static void begin(Exchange part) {
        Object key = part.getMessage().getHeader(PushHeaders.IDEMPOTENCY_KEY);
        part.setProperty(PROPERTY, new Lineage(part, key));
    }

    /** Unique to this lineage. */
    String id() {
        return id;
    }

    /**
     * The idempotency key of an exchange, or null. A key that was there before the split names the whole, so each part adds
     * who it is; else all parts after the first would be taken for repeats and vanish.
     */
    @Nullable
    String idempotencyKey(Exchange exchange) {
        Object key = exchange.getMessage().getHeader(PushHeaders.IDEMPOTENCY_KEY);
        if (key == null) {
            return null;
        }
        boolean whole = inheritedKey != null && inheritedKey.equals(key);
        return whole ? bounded(key + "#" + exchange.getProperty(ExchangePropertyKey.SPLIT_INDEX)) : key.toString();
    }

    /** What a leg has made of a body, and what it has looked at. */
    private record Reading(
            Object body, @Nullable String name, @Nullable Object type, @Nullable Object charset, Content content) {
        boolean isOf(Object body, @Nullable String name, @Nullable Object type, @Nullable Object charset) {
            return this.body == body
                    && Objects.equals(this.name, name)
                    && Objects.equals(this.type, type)
                    && Objects.equals(this.charset, charset);
        }
    }

    /** The event that a message would be: see {@link Bodies}. Legs that have the same body read it once. */
    Content content(Exchange exchange, @Nullable String name) throws CamelExchangeException {
        Object body = exchange.getMessage().getBody();
        if (!(body instanceof String) && !(body instanceof byte[])) {
            return Bodies.content(exchange, name); // may have changed since, or can be read again only there
        }
        Object type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE);
        Object charset = exchange.getProperty(ExchangePropertyKey.CHARSET_NAME);
        Reading last = reading;
        if (last != null && last.isOf(body, name, type, charset)) {
            return last.content();
        }
        Content content = Bodies.content(exchange, name);
        reading = new Reading(body, name, type, charset, content);
        return content;
    }

    /** Tells apart the events that one message of a client becomes on one topic; the first keeps the message's key. */
    String next(String key, Topic topic) {
        int before = counts.computeIfAbsent(topic, x -> new AtomicInteger()).getAndIncrement();
        return before == 0 ? key : bounded(key + "+" + before);
    }

    /** A key as it is, or a digest of it where it would be too long. */
    static String bounded(String key) {
        return key.length() <= Draft.MAX_KEY
                ? key
                : UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /**
     * One leg of an event: the same topic, name and data mean the same event. The indexes tell apart what only looks the same:
     * rounds of a loop, and parts of a split where nobody called {@link #begin}.
     */
    private record Leg(Topic topic, Body body, @Nullable Object split, @Nullable Object loop) {
        /** By hand, as the hash: what the compiler adds to a record is made of method handles, slow until it is compiled. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Leg that
                    && topic.equals(that.topic)
                    && body.equals(that.body)
                    && Objects.equals(split, that.split)
                    && Objects.equals(loop, that.loop);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * (31 * topic.hashCode() + body.hashCode()) + Objects.hashCode(split))
                    + Objects.hashCode(loop);
        }
    }

    /** Content with equality by value, and a hash that does not read the data: the legs of one exchange mostly share it. */
    private record Body(Content content) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Body that
                    && content.text() == that.content.text()
                    && Objects.equals(content.name(), that.content.name())
                    && Arrays.equals(content.data(), that.content.data());
        }

        @Override
        public int hashCode() {
            return 31 * content.data().length + Objects.hashCode(content.name());
        }
    }

    /** The event of the first leg; {@code publish} is called only for that. One that fails may be tried again. */
    CompletableFuture<Event> once(
            Exchange exchange, Topic topic, Content content, Supplier<CompletableFuture<Event>> publish) {
        Leg leg = new Leg(
                topic,
                new Body(content),
                exchange.getProperty(ExchangePropertyKey.SPLIT_INDEX),
                exchange.getProperty(ExchangePropertyKey.LOOP_INDEX));
        CompletableFuture<Event> mine = new CompletableFuture<>();
        CompletableFuture<Event> first = events.putIfAbsent(leg, mine);
        if (first != null) {
            return first;
        }
        publish.get().whenComplete((event, failure) -> {
            if (failure == null) {
                mine.complete(event);
            } else {
                events.remove(leg, mine);
                mine.completeExceptionally(failure);
            }
        });
        return mine;
    }

    /** An event with this data that a leg before has published, or null. Where topic or name are null any will do. */
    @Nullable
    Event published(@Nullable Topic topic, Content content) {
        for (CompletableFuture<Event> each : events.values()) {
            Event event = each.isCompletedExceptionally() ? null : each.getNow(null);
            if (event != null && (topic == null || topic.equals(event.topic())) && sameData(content, event.content())) {
                return event;
            }
        }
        return null;
    }

    /** How far an event has come, for all its legs. */
    synchronized Reach reach(Event event, Confirming confirming) {
        Reach reach = reaches.computeIfAbsent(event.offset(), x -> confirming.reach(event));
        newest = reach;
        return reach;
    }

    /** Those whom the leg that waited last has not reached. */
    synchronized List<String> unreached() {
        return newest == null ? List.of() : newest.unreached();
    }

    private static boolean sameData(Content wanted, Content published) {
        return wanted.text() == published.text()
                && (wanted.name() == null || wanted.name().equals(published.name()))
                && Arrays.equals(wanted.data(), published.data());
    }

    @Override
    public String toString() {
        return "Lineage[" + id + "]";
    }
}
