package org.needle.cli;

import io.netty.util.NetUtil;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.jspecify.annotations.Nullable;

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
        InetAddress literal = literal(name);
        return literal != null && (literal.isLoopbackAddress() || isEverywhere());
    }

    /** Bound to all addresses the server can be asked for by any of them; a number cannot be rebound. */
    private boolean isEverywhere() {
        InetAddress bound = literal(own);
        return bound != null && bound.isAnyLocalAddress();
    }

    private static @Nullable InetAddress literal(String host) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes", e);
        }
    }
}
