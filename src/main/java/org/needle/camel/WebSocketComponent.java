package org.needle.camel;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.needle.client.Dial;

/** WebSocket at topics and at plain paths of the public port, which is that of the component {@code push}; and to other servers. */
@Component("websocket-jsr356")
public class WebSocketComponent extends RemoteComponent {
    private static final Set<String> SCHEMES = Set.of("ws", "wss");

    private final Remotes remotes = new Remotes("websocket-jsr356");
    private final Set<String> paths = ConcurrentHashMap.newKeySet();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        WebSocketEndpoint endpoint = new WebSocketEndpoint(Remotes.shown(uri), this, remaining);
        Remotes.headers(endpoint.getConfiguration(), parameters);
        setProperties(endpoint, parameters);
        if (remaining.matches("(?i)wss?:.*")) {
            URI target = remotes.target(remaining, SCHEMES, parameters);
            parameters.clear();
            endpoint.setTarget(target);
        }
        return endpoint;
    }

    Dial dial(SocketOptions options, OptionReader reader) {
        return remotes.dial(options, global(), getCamelContext(), reader);
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
        remotes.clear();
        super.doStop();
    }
}
