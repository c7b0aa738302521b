package org.needle.edge;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client shows to be let in. A token in the URL is not looked at: URLs end up in logs and histories.
 *
 * @param token from {@code Authorization} or the first WebSocket frame
 * @param ticket from the query
 * @param cookie {@link Front} takes it from requests of pages that may not come here
 */
record Shown(@Nullable String token, @Nullable String ticket, @Nullable String cookie) {
    static final String COOKIE = "__Host-needle";
    static final Shown NOTHING = new Shown(null, null, null);
    private static final String BEARER = "bearer ";

    static Shown by(HttpRequest request, Query query) {
        return new Shown(bearer(request), query.get("ticket"), cookie(request));
    }

    static Shown token(String token) {
        return new Shown(token, null, null);
    }

    /** The bearer token, or null; other schemes are for somebody on the way. Of two nobody can say which is meant: neither. */
    private static @Nullable String bearer(HttpRequest request) {
        List<String> values = request.headers().getAll(HttpHeaderNames.AUTHORIZATION).stream()
                .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(BEARER))
                .toList();
        if (values.isEmpty()) {
            return null;
        }
        return values.size() > 1 ? "" : values.get(0).substring(BEARER.length()).trim();
    }

    private static @Nullable String cookie(HttpRequest request) {
        for (String header : request.headers().getAll(HttpHeaderNames.COOKIE)) {
            Set<Cookie> cookies = ServerCookieDecoder.STRICT.decode(header);
            for (Cookie cookie : cookies) {
                if (cookie.name().equals(COOKIE)) {
                    return cookie.value();
                }
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return "Shown[…]"; // never in a log
    }
}
