package org.needle.edge;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.nio.charset.StandardCharsets;
import org.needle.wire.Json;

/** Answers to requests that are too broken, too large or too slow to be dispatched. The connection ends with each of them. */
final class HttpErrors {
    /** The type of every error's body (RFC 9457). */
    static final String PROBLEM = "application/problem+json";

    private HttpErrors() {}

    static FullHttpResponse timeout() {
        return closing(408, "the request did not arrive in time");
    }

    static FullHttpResponse tooLarge(int limit) {
        return closing(413, "the body is larger than " + limit + " bytes");
    }

    /** What the decoder could not make sense of (RFC 9112, 2.2, 5.2, 6.3): two lengths, bare line feeds, NUL, too much. */
    static FullHttpResponse malformed(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return closing(414, "the request line is too long");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return closing(431, "the request headers are too large");
        }
        return closing(400, "not a well-formed HTTP request");
    }

    private static FullHttpResponse closing(int status, String title) {
        byte[] body = Json.problem(status, title).getBytes(StandardCharsets.UTF_8);
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, PROBLEM)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set("X-Content-Type-Options", "nosniff");
        return response;
    }
}
