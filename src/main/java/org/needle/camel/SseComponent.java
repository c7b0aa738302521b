package org.needle.camel;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.jspecify.annotations.Nullable;
import org.needle.client.Dial;

/**
 * The leg for subscribers on Server-Sent Events, whose gateway is that of the component {@code push}; and streams of other servers
 * to consume.
 */
@Component("sse")
public class SseComponent extends RemoteComponent {
    private static final Set<String> SCHEMES = Set.of("http", "https");

    private final Remotes remotes = new Remotes("sse");
    private final Set<Path> positions = ConcurrentHashMap.newKeySet();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        boolean remote = remaining.matches("(?i)https?:.*");
        SseEndpoint endpoint = new SseEndpoint(Remotes.shown(uri), this, remaining);
        Remotes.headers(endpoint.getConfiguration(), parameters);
        setProperties(endpoint, parameters);
        if (remote) {
            URI target = remotes.target(remaining, SCHEMES, parameters);
            parameters.clear();
            endpoint.setTarget(target);
        }
        return endpoint;
    }

    Dial dial(SseStreamOptions options, OptionReader reader) {
        return remotes.dial(options, global(), getCamelContext(), reader);
    }

    /** Two streams in one file would each lose what the other has written. */
    void claim(@Nullable Path file) {
        if (file != null && !positions.add(file)) {
            throw new IllegalStateException("sse: positionRepository " + file + " is used by another route already");
        }
    }

    void release(@Nullable Path file) {
        if (file != null) {
            positions.remove(file);
        }
    }

    @Override
    protected void doStop() throws Exception {
        remotes.clear();
        super.doStop();
    }
}
