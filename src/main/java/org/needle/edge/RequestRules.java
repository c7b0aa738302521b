package org.needle.edge;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;

/** What a request's head must be beyond its syntax, so that everybody on the way understands it alike. */
final class RequestRules {
    private RequestRules() {}

    /** What is wrong with the request, or an empty string. */
    static String broken(HttpRequest request) {
        boolean http11 = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || (http11 && hosts == 0)) {
            return "one Host is needed"; // RFC 9112, 3.2
        }
        List<String> encodings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!encodings.isEmpty()
                && !(http11 && encodings.size() == 1 && encodings.get(0).equalsIgnoreCase("chunked"))) {
            return "only chunked is understood"; // RFC 9112, 6.1: otherwise the body's end is a matter of opinion
        }
        if (request.method().equals(HttpMethod.CONNECT) || !isPlain(request.uri())) {
            return "the target is not a path";
        }
        return "";
    }

    private static boolean isPlain(String target) {
        return target.startsWith("/") && target.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
