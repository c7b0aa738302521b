package org.needle.camel;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Endpoint;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.needle.client.Dial;

/** WebSocket at topics and at plain paths of the public port, which is that of the component {@code push}; and to other servers. */
@Component("websocket-jsr356")
public class WebSocketComponent extends DefaultComponent implements SSLContextParametersAware {
    private static final Set<String> SCHEMES = Set.of("ws", "wss");

    @Metadata(
            label = "security",
            defaultValue = "false",
            description = "Whether to trust, and show, the certificates of camel.ssl.* instead of those of the JVM.")
    private boolean useGlobalSslContextParameters;

    private final Remotes remotes = new Remotes("websocket-jsr356");
    private final Set<String> paths = ConcurrentHashMap.newKeySet();

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        Remotes.hideSecrets(getCamelContext());
    }

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
        return remotes.dial(
                options,
                useGlobalSslContextParameters ? getCamelContext().getSSLContextParameters() : null,
                getCamelContext(),
                reader);
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

    @Override
    public boolean isUseGlobalSslContextParameters() {
        return useGlobalSslContextParameters;
    }

    @Override
    public void setUseGlobalSslContextParameters(boolean useGlobalSslContextParameters) {
        this.useGlobalSslContextParameters = useGlobalSslContextParameters;
    }
}
