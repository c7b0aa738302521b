package org.needle.camel;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** WebSocket at topics and at plain paths of the public port, which is that of the component {@code push}. */
@Component("websocket-jsr356")
public class WebSocketComponent extends DefaultComponent {
    private final Set<String> paths = ConcurrentHashMap.newKeySet();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        if (remaining.matches("(?i)wss?:.*")) {
            throw new IllegalArgumentException(
                    "websocket-jsr356:" + remaining + ": remote servers are not built yet in this version");
        }
        WebSocketEndpoint endpoint = new WebSocketEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** A path that a route has used once accepts connections from then on, also while its route is being reloaded. */
    void keepOpen(String path, Gateway gateway) {
        if (paths.add(path)) {
            gateway.edge().sockets().open(path, null);
        }
    }

    @Override
    protected void doStop() throws Exception {
        paths.clear();
        super.doStop();
    }
}
