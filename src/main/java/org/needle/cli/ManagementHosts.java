package org.needle.cli;

import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.util.Locale;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.jspecify.annotations.Nullable;
import org.needle.edge.Proxies;

/**
 * Answers a request on the management port only if it asks for this machine by a name that nobody else can give it. A page from
 * elsewhere whose host name suddenly means 127.0.0.1 could read everything there otherwise (DNS rebinding).
 */
final class ManagementHosts {
    private static final int MISDIRECTED = 421;

    private final String own;

    private ManagementHosts(String own) {
        this.own = own.toLowerCase(Locale.ROOT);
    }

    /** Before whatever else the server has. */
    static void guard(ManagementHttpServer server) {
        ManagementHosts hosts = new ManagementHosts(server.getHost());
        server.getRouter().route().order(Integer.MIN_VALUE).handler(hosts::pass);
    }

    private void pass(RoutingContext request) {
        HostAndPort asked = request.request().authority();
        if (isOwn(asked == null ? null : asked.host())) {
            request.next();
        } else {
            request.response().setStatusCode(MISDIRECTED).end();
        }
    }

    private boolean isOwn(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String name = host.toLowerCase(Locale.ROOT);
        if (name.equals(own) || name.equals("localhost")) {
            return true;
        }
        InetAddress literal = Proxies.literal(name);
        return literal != null && (literal.isLoopbackAddress() || isEverywhere());
    }

    /** Bound to all addresses the server can be asked for by any of them; a number cannot be rebound. */
    private boolean isEverywhere() {
        InetAddress bound = Proxies.literal(own);
        return bound != null && bound.isAnyLocalAddress();
    }
}
