package org.needle.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.needle.camel.PushComponent;
import org.needle.hub.SystemClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that the gateway is up, where, and how long it took. */
final class Ready {
    private static final Logger LOG = LoggerFactory.getLogger("org.needle.Ready");

    private Ready() {}

    static void announce(CamelContext context) {
        List<String> urls = new ArrayList<>();
        if (context.hasComponent("push") instanceof PushComponent push) {
            push.urls().forEach(url -> urls.add("events " + url + "/events"));
        }
        Route ingest = context.getRoute("http-ingest");
        if (ingest != null) {
            urls.add(context.resolvePropertyPlaceholders(
                    "ingest http://{{ingest.host:127.0.0.1}}:{{ingest.port:8081}}/ingest/TOPIC"));
        }
        String jms = context.resolvePropertyPlaceholders("tcp://{{queue.host:127.0.0.1}}:{{queue.port:0}}");
        if (!jms.endsWith(":0")
                && !context.getRegistry().findByType(EmbeddedBroker.class).isEmpty()) {
            urls.add("jms " + jms);
        }
        ManagementHttpServer management = context.hasService(ManagementHttpServer.class);
        if (management != null) {
            int port = management.getRouter().getServer().getPort();
            urls.add("health http://" + management.getHost() + ":" + port + management.getHealthPath());
        }
        if (context.getRoutes().isEmpty()) {
            LOG.warn(
                    "No route is running: nothing like {} was found (links are not followed)",
                    context.resolvePropertyPlaceholders("{{camel.main.routes-include-pattern}}"));
        }
        LOG.info("Ready after {} s: {}", seconds(), String.join(", ", urls));
    }

    private static String seconds() {
        Instant now = Instant.ofEpochMilli(SystemClock.millis());
        Instant start = ProcessHandle.current().info().startInstant().orElse(now);
        return String.format("%.1f", Duration.between(start, now).toMillis() / 1000.0);
    }
}
