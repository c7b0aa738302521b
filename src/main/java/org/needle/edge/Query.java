package org.needle.edge;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request's path and query, decoded once. Only & parts the query: whoever leaves a secret out of it, a proxy's log or
 * {@link ForwardTarget}, must find the same parameters. Bounded by the length of the request line and {@value #MAX_PARAMETERS} parameters.
 */
final class Query {
    private static final int MAX_PARAMETERS = 256;

    private final String path;
    private final Map<String, List<String>> parameters;

    /** @throws Refusal 400 if the escapes are wrong */
    Query(String uri) {
        QueryStringDecoder decoder = new QueryStringDecoder(uri, StandardCharsets.UTF_8, true, MAX_PARAMETERS, true);
        try {
            path = decoder.path();
            parameters = decoder.parameters();
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "the URL has a malformed percent escape");
        }
    }

    String path() {
        return path;
    }

    List<String> all(String name) {
        return parameters.getOrDefault(name, List.of());
    }

    /** The parameter's last value, or null. */
    @Nullable
    String get(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : values.get(values.size() - 1);
    }

    boolean has(String name, String value) {
        return value.equals(get(name));
    }
}
