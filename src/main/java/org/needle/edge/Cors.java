package org.needle.edge;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a browser is told about an answer that a page from elsewhere wants to see (WHATWG Fetch, 3.3). Written on every answer
 * of the edge's own paths, refusals too: a page could not read the reason otherwise.
 *
 * @param origin the page's, if it is allowed; else null
 */
record Cors(@Nullable String origin) {
    private static final String EXPOSED = "Needle-Position, Retry-After";

    static Cors of(EdgeContext edge, Channel channel, HttpRequest request) {
        return new Cors(edge.settings.callers().origins().granted(channel, request));
    }

    void write(HttpHeaders to) {
        to.set(HttpHeaderNames.VARY, "Origin");
        if (origin != null) {
            to.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            to.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
            to.set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
    }

    void write(StreamHead to) {
        to.with("Vary", "Origin");
        if (origin != null) {
            to.with("Access-Control-Allow-Origin", origin)
                    .with("Access-Control-Allow-Credentials", "true")
                    .with("Access-Control-Expose-Headers", EXPOSED);
        }
    }

    /**
     * True if the request is for the caller to answer; else it was a preflight and has been answered.
     *
     * @throws Refusal 403 if a page that may not has asked for more than to read
     */
    boolean admits(HttpRequest request, Answers answers) {
        boolean foreign = origin == null && request.headers().contains(HttpHeaderNames.ORIGIN);
        boolean reads =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        if (foreign && !(reads && !request.headers().contains(HttpHeaderNames.UPGRADE))) {
            throw new Refusal(403, "pages of this origin are not allowed here");
        }
        if (origin != null && request.method().equals(HttpMethod.OPTIONS)) {
            answers.preflight();
            return false;
        }
        return true;
    }
}
