package org.needle.edge;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which headers go from one side to the other. To the upstream go those that are allowed by name; to the client all but those that
 * are about a connection (RFC 9110, 7.6.1), and those by which an upstream would speak in the gateway's name or tell of its inside.
 */
final class ForwardHeaders {
    /** Never forwarded, whatever the route says: they are about a connection, or make the request another one. */
    private static final Set<String> HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-authentication-info",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "host",
            "content-length",
            "expect",
            "http2-settings");

    private static final Set<String> ANSWER = Set.of(
            "set-cookie",
            "set-cookie2",
            "www-authenticate",
            "authentication-info",
            "location",
            "content-location",
            "refresh",
            "link",
            "alt-svc",
            "strict-transport-security",
            "public-key-pins",
            "clear-site-data",
            "service-worker-allowed",
            "sourcemap",
            "content-security-policy",
            "content-security-policy-report-only",
            "nel",
            "report-to",
            "reporting-endpoints",
            "server",
            "via",
            "vary",
            "needle-position");

    private ForwardHeaders() {}

    /** Whether a route may allow the header. */
    static boolean isForwardable(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !HOP.contains(lower) && !lower.startsWith("camel") && !lower.startsWith("sec-websocket-");
    }

    /**
     * What the upstream gets of the client's headers.
     *
     * @param allowed in lower case
     * @param tokens whether the gateway itself asks for tokens: then what the client shows is for the gateway and nobody else
     */
    static List<Map.Entry<String, String>> request(HttpHeaders headers, Set<String> allowed, boolean tokens) {
        Set<String> named = named(headers.getAll("connection"));
        List<Map.Entry<String, String>> kept = new ArrayList<>();
        for (Map.Entry<String, String> header : headers.entries()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!allowed.contains(name) || !isForwardable(name) || named.contains(name)) {
                continue;
            }
            boolean shown = name.equals("authorization") && tokens;
            String value = name.equals("cookie") ? withoutOurs(header.getValue()) : header.getValue();
            if (!shown && !value.isEmpty()) {
                kept.add(Map.entry(name, value));
            }
        }
        return kept;
    }

    private static String withoutOurs(String cookies) {
        return java.util.Arrays.stream(cookies.split(";", -1))
                .map(String::trim)
                .filter(cookie -> !cookie.isEmpty() && !cookie.startsWith(Shown.COOKIE + "="))
                .collect(Collectors.joining("; "));
    }

    /** What the client gets of the upstream's headers. */
    static List<Map.Entry<String, String>> answer(Map<String, List<String>> headers) {
        Set<String> named = named(headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("connection"))
                .flatMap(header -> header.getValue().stream())
                .toList());
        List<Map.Entry<String, String>> kept = new ArrayList<>();
        headers.forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            boolean length = lower.equals("content-length");
            boolean ours = ANSWER.contains(lower) || lower.startsWith("access-control-") || lower.startsWith(":");
            if (length || !(ours || HOP.contains(lower) || named.contains(lower))) {
                values.forEach(value -> kept.add(Map.entry(lower, value)));
            }
        });
        return kept;
    }

    private static Set<String> named(List<String> connection) {
        Set<String> named = new HashSet<>();
        for (String value : connection) {
            for (String name : value.split(",", -1)) {
                named.add(name.trim().toLowerCase(Locale.ROOT));
            }
        }
        return named;
    }
}
