package org.needle.camel;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.needle.client.ProxyAddress;
import org.needle.edge.ForwardSettings;
import org.needle.hub.SystemClock;
import org.needle.log.MemoryLog;

/**
 * What the options of {@code https-proxy:NAME} mean.
 *
 * @param upstream without query and without a slash at its end
 * @param headers that the upstream gets besides the client's; they win
 */
record ForwardPlan(URI upstream, boolean allowPrivate, Map<String, String> headers, Way way, ForwardSettings settings) {
    private static final int MANY = 1_000_000;
    private static final long HUGE = 1L << 40;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Set<String> HEADERS = Set.of(
            "accept",
            "accept-language",
            "content-type",
            "idempotency-key",
            "prefer",
            "range",
            "if-match",
            "if-none-match",
            "if-modified-since",
            "if-unmodified-since",
            "if-range");

    /**
     * How the upstream is reached.
     *
     * @param connect how long connecting may take, in ms
     * @param respond how long the head of the answer may take, in ms
     */
    record Way(@Nullable ProxyAddress proxy, long connect, long respond) {}

    /** @throws IllegalArgumentException naming every wrong option */
    static ForwardPlan of(HttpsProxyEndpoint options, String name) {
        OptionReader reader = OptionReader.ofEndpoint("https-proxy:" + name + "?");
        boolean allowPrivate = reader.flag("allowPrivate", options.getAllowPrivate());
        ForwardSettings settings = new ForwardSettings(
                methods(options.getMethods(), reader),
                allowed(options.getAllowedHeaders(), reader),
                new ForwardSettings.Times(
                        reader.time("keep", options.getKeep()),
                        reader.time("cancelAfter", options.getCancelAfter()),
                        reader.time("maxDuration", options.getMaxDuration())),
                bounds(options, reader),
                epoch -> new MemoryLog(epoch, SystemClock::millis));
        Way way = new Way(
                HttpsProxyEndpoint.proxy(options.getProxy(), reader),
                reader.time("connectTimeout", options.getConnectTimeout()).toMillis(),
                reader.time("responseTimeout", options.getResponseTimeout()).toMillis());
        URI upstream = upstream(options.getUpstream(), allowPrivate, reader);
        Map<String, String> headers = headers(options, reader);
        reader.check();
        return new ForwardPlan(upstream, allowPrivate, headers, way, settings);
    }

    private static ForwardSettings.Bounds bounds(HttpsProxyEndpoint options, OptionReader reader) {
        long history = reader.size("historyBytes", options.getHistoryBytes(), HUGE);
        long ahead = reader.size("ahead", options.getAhead(), HUGE);
        if (ahead > history) {
            reader.wrong("ahead", options.getAhead(), "must not be more than historyBytes: it would be lost");
        }
        return new ForwardSettings.Bounds(
                reader.number("maxRequests", options.getMaxRequests(), 1, MANY),
                reader.size("historyTotal", options.getHistoryTotal(), HUGE),
                history,
                ahead,
                (int) reader.size("maxEvent", options.getMaxEvent(), Integer.MAX_VALUE / 2));
    }

    private static Set<String> methods(String text, OptionReader reader) {
        Set<String> methods = new HashSet<>();
        for (String method : OptionReader.list(text.toUpperCase(Locale.ROOT))) {
            if (!TOKEN.matcher(method).matches() || method.equals("CONNECT") || method.equals("TRACE")) {
                reader.wrong("methods", text, "must be methods as GET,POST and not CONNECT or TRACE");
            }
            methods.add(method);
        }
        return methods;
    }

    private static Set<String> allowed(String text, OptionReader reader) {
        Set<String> allowed = new HashSet<>(HEADERS);
        for (String header : OptionReader.list(text.toLowerCase(Locale.ROOT))) {
            if (!isForwardable(header)) {
                reader.wrong("allowedHeaders", text, header + " cannot be forwarded");
            }
            allowed.add(header);
        }
        return allowed;
    }

    private static boolean isForwardable(String header) {
        return TOKEN.matcher(header).matches() && ForwardSettings.isForwardable(header);
    }

    private static Map<String, String> headers(HttpsProxyEndpoint options, OptionReader reader) {
        Map<String, String> headers = new HashMap<>();
        options.getUpstreamHeaders().forEach((name, value) -> headers.put(name, String.valueOf(value)));
        if (options.getAuthorization() != null) {
            headers.put("Authorization", options.getAuthorization());
        }
        headers.forEach((name, value) -> {
            boolean plain = value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f));
            if (!isForwardable(name) || !plain) {
                reader.wrong("header." + name, "", "is no header that can be set"); // never its value: it is a secret
            }
        });
        return headers;
    }

    private static URI upstream(@Nullable String text, boolean allowPrivate, OptionReader reader) {
        try {
            URI upstream = new URI(text == null ? "" : text.trim().replaceAll("/+$", ""));
            String scheme = String.valueOf(upstream.getScheme()).toLowerCase(Locale.ROOT);
            boolean bare = upstream.getRawQuery() == null
                    && upstream.getRawFragment() == null
                    && upstream.getRawUserInfo() == null;
            boolean web =
                    scheme.equals("https") || (scheme.equals("http") && allowPrivate && isHere(upstream.getHost()));
            if (bare && web && upstream.getHost() != null) {
                return upstream;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        reader.wrong(
                "upstream",
                "", // not repeated: a password may be in it
                "must be an https URL without user, query and fragment; http only to this machine, with allowPrivate=true");
        return URI.create("https://nowhere.invalid");
    }

    private static boolean isHere(@Nullable String host) {
        try {
            return host != null && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Where a request goes. @throws IllegalArgumentException if it would be no URL */
    URI target(String path, String query) {
        return URI.create(upstream + path + (query.isEmpty() ? "" : "?" + query));
    }
}
