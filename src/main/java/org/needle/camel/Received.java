package org.needle.camel;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Headers that a consumer sets and a producer obeys. If the producer took them as they came, a client would choose where its
 * message goes on: {@code from: push:chat/**} to {@code push:news} would publish to the client's topic. So what came from a client
 * never wins over what the URI says; a route that wants that writes it: {@code toD: push:${header.CamelPushTopic}}.
 */
final class Received {
    /** The property of an exchange that holds what a client chose, a map from header to value. */
    private static final String PROPERTY = "CamelPushReceived";

    private Received() {}

    /** Sets a header to something that a client chose. */
    static void set(Exchange exchange, String header, String value) {
        exchange.getMessage().setHeader(header, value);
        Map<String, String> received = new HashMap<>(of(exchange)); // copies of the exchange share the one before
        received.put(header, value);
        exchange.setProperty(PROPERTY, received);
    }

    /** Whether the header's value is what {@link #set} has put there. */
    static boolean is(Exchange exchange, String header) {
        Object value = exchange.getMessage().getHeader(header);
        return value != null && value.equals(of(exchange).get(header));
    }

    @SuppressWarnings("unchecked") // nobody else sets it
    private static Map<String, String> of(Exchange exchange) {
        Map<String, String> received = exchange.getProperty(PROPERTY, Map.class);
        return received == null ? Map.of() : received;
    }

    /** The header's value if the route has set it, else {@code uri}, else what the client chose. */
    static @Nullable String chosen(Exchange exchange, String header, @Nullable String uri) {
        String value = exchange.getMessage().getHeader(header, String.class);
        return value == null || (uri != null && is(exchange, header)) ? uri : value;
    }
}
