package org.needle.port;

import java.util.List;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Keeps back, of the headers and query parameters of clients, those that steer Camel's components: by one of them a client
 * would choose the file, the topic or the operation of a step behind an ordinary HTTP route.
 */
final class ClientHeaders implements HeaderFilterStrategy {
    private static final List<String> STEERING = List.of(
            "camel", "org.apache.camel", "kafka.", "websocket.", "jsr356.", "operationname", "operationnamespace");

    private final @Nullable HeaderFilterStrategy others;

    /** @param others the route's own rules, which hold besides */
    ClientHeaders(@Nullable HeaderFilterStrategy others) {
        this.others = others;
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        String lower = name.toLowerCase(Locale.ROOT).trim();
        return STEERING.stream().anyMatch(lower::startsWith)
                || (others != null && others.applyFilterToExternalHeaders(name, value, exchange));
    }

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return others != null && others.applyFilterToCamelHeaders(name, value, exchange);
    }
}
