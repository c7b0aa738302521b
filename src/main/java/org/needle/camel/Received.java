package org.needle.camel;

import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Headers that a consumer sets and a producer obeys. If the producer took them as they came, a client would choose where its
 * message goes on: {@code from: push:chat/**} to {@code push:news} would publish to the client's topic. So what came from a client
 * never wins over what the URI says; a route that wants that writes it: {@code toD: push:${header.CamelPushTopic}}.
 */
final class Received {
    private static final String PROPERTY_SUFFIX = "Received";

    private Received() {}

    /** Sets a header to something that a client chose. */
    static void set(Exchange exchange, String header, String value) {
        exchange.getMessage().setHeader(header, value);
        exchange.setProperty(header + PROPERTY_SUFFIX, value);
    }

    /** Whether the header's value is what {@link #set} has put there. */
    static boolean is(Exchange exchange, String header) {
        Object value = exchange.getMessage().getHeader(header);
        return value != null && value.equals(exchange.getProperty(header + PROPERTY_SUFFIX));
    }

    /** The header's value if the route has set it, else {@code uri}, else what the client chose. */
    static @Nullable String chosen(Exchange exchange, String header, @Nullable String uri) {
        String value = exchange.getMessage().getHeader(header, String.class);
        return value == null || (uri != null && is(exchange, header)) ? uri : value;
    }
}
