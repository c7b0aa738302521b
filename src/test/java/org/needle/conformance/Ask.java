package org.needle.conformance;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a subscriber asks for.
 *
 * @param secure over TLS, whatever the certificate
 * @param topics asked for in the query
 * @param position empty: none
 * @param carrier what the position travels in
 * @param extra further query parameters, {@code key=value} as they are to be sent
 */
public record Ask(int port, boolean secure, List<String> topics, String position, Carrier carrier, List<String> extra) {
    /** What a position may travel in. */
    public enum Carrier {
        HEADER,
        QUERY,
        /** The first frame of a WebSocket. */
        FRAME
    }

    public static Ask of(int port, String... topics) {
        return new Ask(port, false, List.of(topics), "", Carrier.QUERY, List.of());
    }

    /** The same over TLS. */
    public Ask overTls() {
        return new Ask(port, true, topics, position, carrier, extra);
    }

    public Ask from(String where) {
        return from(where, Carrier.QUERY);
    }

    public Ask from(String where, Carrier by) {
        return new Ask(port, secure, topics, where, by, extra);
    }

    public Ask with(String... parameters) {
        List<String> all = new ArrayList<>(extra);
        all.addAll(List.of(parameters));
        return new Ask(port, secure, topics, position, carrier, all);
    }

    HttpClient client() {
        return secure ? HttpSubscriber.OVER_TLS : HttpSubscriber.CLIENT;
    }

    boolean inHeader() {
        return carrier == Carrier.HEADER && !position.isEmpty();
    }

    boolean inFrame() {
        return carrier == Carrier.FRAME;
    }

    /** The path and the query. */
    public String target() {
        List<String> query = new ArrayList<>();
        topics.forEach(topic -> query.add("topic=" + URLEncoder.encode(topic, StandardCharsets.UTF_8)));
        if (carrier == Carrier.QUERY && !position.isEmpty()) {
            query.add("position=" + position);
        }
        if (inFrame()) {
            query.add("open=frame");
        }
        query.addAll(extra);
        return "/events?" + String.join("&", query);
    }

    /** @param scheme {@code http} or {@code ws}; over TLS {@code s} is added */
    public URI uri(String scheme) {
        return URI.create(scheme + (secure ? "s" : "") + "://127.0.0.1:" + port + target());
    }
}
