package org.needle.client;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.needle.path.Rung;

/**
 * One request for events. Whatever a header says the query says too, because networks strip headers.
 *
 * @param base of the gateway, without path
 * @param position null: from now
 * @param hold how long a poll or cycle may wait, in s
 */
record Ask(URI base, List<String> topics, Rung rung, Pass pass, @Nullable String position, long hold) {
    /**
     * Who asks.
     *
     * @param resume the session's secret; null until its first hello
     * @param receipts whether they are promised
     */
    record Pass(String session, @Nullable String resume, @Nullable String token, boolean receipts) {}

    URI uri() {
        StringBuilder query = new StringBuilder("/events?transport=").append(transport());
        topics.forEach(topic -> query.append("&topic=").append(encoded(topic)));
        query.append("&sum=1&session=").append(pass.session());
        if (pass.resume() != null) {
            query.append("&resume=").append(pass.resume());
        }
        if (pass.receipts()) {
            query.append("&receipts=1");
        }
        if (position != null) {
            query.append("&position=").append(encoded(position));
        }
        if (rung == Rung.SSE) {
            query.append("&envelope=json");
        }
        if (rung.isFinite()) {
            query.append("&wait=").append(hold);
        }
        if (rung == Rung.CYCLE) {
            query.append("&mode=cycle");
        }
        return at(query.toString());
    }

    private URI at(String path) {
        String scheme = rung == Rung.WEBSOCKET ? base.getScheme().replace("http", "ws") : base.getScheme();
        return URI.create(scheme + "://" + base.getRawAuthority() + path);
    }

    private String transport() {
        return switch (rung) {
            case SSE -> "sse";
            case WEBSOCKET -> "websocket";
            case STREAM, CYCLE -> "stream";
            case POLL, SHORT_POLL -> "poll";
        };
    }

    /** The media type of a right answer. */
    String type() {
        return switch (rung) {
            case SSE -> "text/event-stream";
            case STREAM, CYCLE -> "application/x-ndjson";
            case WEBSOCKET, POLL, SHORT_POLL -> "application/json";
        };
    }

    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", type());
        headers.put("Cache-Control", "no-cache");
        if (position != null) {
            headers.put("Last-Event-ID", position);
        }
        if (pass.token() != null && !pass.token().isEmpty()) {
            headers.put("Authorization", "Bearer " + pass.token());
        }
        return headers;
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
