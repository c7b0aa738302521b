package org.needle.camel;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** The leg for subscribers on Server-Sent Events; the gateway is that of the component {@code push}. */
@Component("sse")
public class SseComponent extends DefaultComponent {
    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        if (remaining.matches("(?i)https?:.*")) {
            throw new IllegalArgumentException(
                    "sse:" + remaining + ": consuming a remote stream is not built yet in this version");
        }
        SseEndpoint endpoint = new SseEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
