package org.needle.clients;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.needle.access.Mint;
import org.needle.conformance.OpenEdge;
import org.needle.conformance.TestKeys;
import org.needle.conformance.Tunnel;
import org.needle.edge.Transport;
import org.needle.hub.TopicFilter;

/** A gateway behind a tunnel, so that its address stays when it is restarted. What clients send to {@code said/**} is published. */
final class Place {
    private OpenEdge edge;
    private final Tunnel tunnel;
    private final Tunnel overTls;
    private final @Nullable Mint mint;

    /** @param wanted heartbeat in ms, keeping: how many events of a topic, guarded=1 for a gateway that asks for tokens */
    Place(TestKeys keys, Map<String, String> wanted) {
        Duration heartbeat = Duration.ofMillis(Long.parseLong(wanted.getOrDefault("heartbeat", "15000")));
        Mint guard = wanted.containsKey("guarded") ? new Mint() : null;
        mint = guard;
        edge = OpenEdge.start(plan -> {
            OpenEdge.Plan open = plan.heartbeat(heartbeat).tls(keys.keys());
            open = wanted.containsKey("keeping") ? open.keeping(Integer.parseInt(wanted.get("keeping"))) : open;
            return guard == null ? open : open.guardedBy(guard.access());
        });
        listen();
        tunnel = new Tunnel(edge.port());
        overTls = new Tunnel(edge.tlsPort());
    }

    private void listen() {
        OpenEdge here = edge;
        here.edge()
                .messages()
                .listen(TopicFilter.of("said/**"), Set.of(Transport.values()), message -> here.publishLater(
                                message.topic().name(), message.content())
                        .thenApply(event -> null));
    }

    synchronized OpenEdge edge() {
        return edge;
    }

    int port() {
        return tunnel.port();
    }

    int tlsPort() {
        return overTls.port();
    }

    /** How many connections there have been to the TLS port. */
    int tlsConnections() {
        return overTls.connections();
    }

    /** A token for {@code topic}, good for so many seconds. */
    String token(Map<String, String> query) {
        if (mint == null) {
            throw new IllegalArgumentException("this gateway asks for no tokens");
        }
        long seconds = Long.parseLong(query.get("seconds"));
        List<String> publish = List.of("said/**");
        return mint.token(
                mint.claims("me", List.of(query.get("topic")), publish).expirationTime(mint.in(seconds)));
    }

    void cut() {
        tunnel.cut();
        overTls.cut();
    }

    synchronized void restart() {
        edge = edge.restart();
        listen();
        tunnel.target(edge.port());
        overTls.target(edge.tlsPort());
    }

    synchronized void close() {
        edge.close();
        tunnel.close();
        overTls.close();
    }
}
