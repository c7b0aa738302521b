package org.needle.cli;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.needle.camel.PushHeaders;

/**
 * Makes of a request to the ingest route what the fan-out route wants: topic from the path, event name from the query,
 * idempotency key from its header. Nothing else that the client sent goes any further, or back to it. One step instead of
 * seven in the route, because this is where every event by HTTP passes.
 */
public final class IngestRequest implements Processor {
    private static final String PREFIX = "/ingest/";
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        Map<String, Object> kept = new HashMap<>();
        String path = message.getHeader(Exchange.HTTP_URI, "", String.class); // without escapes
        kept.put(PushHeaders.TOPIC, path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : path);
        String query = message.getHeader(Exchange.HTTP_RAW_QUERY, "", String.class);
        List<String> names = new QueryStringDecoder(query, false).parameters().get("event");
        if (names != null) {
            kept.put(PushHeaders.EVENT_NAME, names.get(0));
        }
        String key = message.getHeader(IDEMPOTENCY_KEY, String.class);
        if (key != null) {
            kept.put(PushHeaders.IDEMPOTENCY_KEY, key);
        }
        String type = message.getHeader(Exchange.CONTENT_TYPE, String.class);
        if (type != null) {
            kept.put(Exchange.CONTENT_TYPE, type);
        }
        message.setHeaders(kept);
        message.setBody(message.getBody(byte[].class)); // each leg reads it again
    }
}
