package org.needle.cli;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.netty.http.DefaultNettyHttpBinding;
import org.apache.camel.component.netty.http.NettyHttpConfiguration;
import org.apache.camel.component.netty.http.NettyHttpConstants;
import org.needle.camel.PushHeaders;

/**
 * Makes of a request to the ingest route what the fan-out route wants: topic from the path, event name from the query,
 * idempotency key from its header, the body as bytes. Nothing else that the client sent becomes a header. Camel's own binding
 * would make a dozen headers first, and this is where every event by HTTP passes.
 */
public final class IngestBinding extends DefaultNettyHttpBinding {
    private static final String PREFIX = "/ingest/";
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    @Override
    public Message toCamelMessage(FullHttpRequest request, Exchange exchange, NettyHttpConfiguration configuration) {
        Message message = exchange.getIn(); // a plain one: every step that sets the body would copy Netty's own
        populateCamelHeaders(request, message.getHeaders(), exchange, configuration);
        message.setBody(ByteBufUtil.getBytes(request.content())); // not the buffer: each leg reads it again
        return message;
    }

    @Override
    public void populateCamelHeaders(
            HttpRequest request, Map<String, Object> headers, Exchange exchange, NettyHttpConfiguration configuration) {
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        headers.put(PushHeaders.TOPIC, topic(uri));
        List<String> names = uri.parameters().get("event");
        if (names != null) {
            headers.put(PushHeaders.EVENT_NAME, names.get(0));
        }
        HttpHeaders sent = request.headers();
        String key = sent.get(IDEMPOTENCY_KEY);
        if (key != null) {
            headers.put(PushHeaders.IDEMPOTENCY_KEY, key);
        }
        String type = sent.get(HttpHeaderNames.CONTENT_TYPE);
        if (type != null) {
            headers.put(Exchange.CONTENT_TYPE, type);
        }
    }

    /**
     * The route's text as it is, with the headers that the route has set; where it has set no status, 202 and JSON. Anything else
     * is answered by Camel's own binding.
     */
    @Override
    public HttpResponse toNettyResponse(Message message, NettyHttpConfiguration configuration) throws Exception {
        Exchange exchange = message.getExchange();
        if (exchange.getException() != null || !(message.getBody() instanceof String text)) {
            return super.toNettyResponse(message, configuration);
        }
        Integer status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                status == null ? HttpResponseStatus.ACCEPTED : HttpResponseStatus.valueOf(status),
                Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8)));
        message.getHeaders().forEach((name, value) -> {
            if (!name.startsWith("Camel")) {
                response.headers().set(name, value.toString());
            }
        });
        if (status == null) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
        }
        response.headers()
                .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        Object close = exchange.getProperty(NettyHttpConstants.CONNECTION);
        if (close != null) {
            response.headers().set(HttpHeaderNames.CONNECTION, close);
            message.setHeader(NettyHttpConstants.NETTY_CLOSE_CHANNEL_WHEN_COMPLETE, true);
        }
        return response;
    }

    /** A path with malformed escapes is no topic, and will be refused as it is. */
    private static String topic(QueryStringDecoder uri) {
        String path;
        try {
            path = uri.path();
        } catch (IllegalArgumentException e) {
            path = uri.rawPath();
        }
        return path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : path;
    }
}
