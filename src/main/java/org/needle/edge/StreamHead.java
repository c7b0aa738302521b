package org.needle.edge;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The head of an answer after which the connection, or its HTTP/2 stream, is a subscriber's. Names and values are our own. */
final class StreamHead {
    /** HTTP/2 has its own ways for these (RFC 9113, 8.2.2; RFC 8441, 5). */
    private static final Set<String> HTTP_1 =
            Set.of("connection", "transfer-encoding", "upgrade", "sec-websocket-accept");

    private final String status;
    private final Map<String, String> headers = new LinkedHashMap<>();

    /** @param status code and reason */
    StreamHead(String status) {
        this.status = status;
    }

    StreamHead with(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** What to write to {@code channel}. */
    Object on(Channel channel) {
        if (Http2.isStream(channel)) {
            Http2Headers out = new DefaultHttp2Headers(false);
            out.status("200"); // a WebSocket has no 101 here
            headers.forEach((name, value) -> {
                String lower = name.toLowerCase(Locale.ROOT);
                if (!HTTP_1.contains(lower)) {
                    out.set(lower, value);
                }
            });
            return new DefaultHttp2HeadersFrame(out, false);
        }
        StringBuilder out = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
        headers.forEach(
                (name, value) -> out.append(name).append(": ").append(value).append("\r\n"));
        byte[] bytes = out.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        return channel.alloc().directBuffer(bytes.length).writeBytes(bytes);
    }
}
