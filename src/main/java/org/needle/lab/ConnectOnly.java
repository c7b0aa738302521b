package org.needle.lab;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An explicit proxy that knows only CONNECT, and only with credentials. Whatever host is named, the tunnel leads to the lab's target, so
 * that a lab is never an open proxy; the target's own port is allowed besides the list, because a target is seldom on 443.
 *
 * @param ports the ports that may be named
 * @param user the name
 * @param secret the password
 */
public record ConnectOnly(List<Integer> ports, String user, String secret) implements Fault {
    @Override
    public Stage at(Place place) {
        return new Guard(place, ask -> reply(ask, place.targetPort()));
    }

    private Guard.Reply reply(HttpRequest ask, int target) {
        if (!isKnown(ask.headers().get(HttpHeaderNames.PROXY_AUTHORIZATION))) {
            Map<String, String> how = Map.of("Proxy-Authenticate", "Basic realm=\"lab\"");
            return new Guard.Reply(407, "who are you?\n", how);
        }
        if (!ask.method().equals(HttpMethod.CONNECT)) {
            return Guard.Reply.of(403, "only CONNECT is allowed here\n");
        }
        int port = port(ask.uri());
        return port == target || ports.contains(port)
                ? Guard.Reply.of(200, "")
                : Guard.Reply.of(403, "this port is not allowed here\n");
    }

    private boolean isKnown(@Nullable String shown) {
        String known = user + ":" + secret;
        return ("Basic " + Base64.getEncoder().encodeToString(known.getBytes(StandardCharsets.UTF_8))).equals(shown);
    }

    private static int port(String authority) {
        String port = authority.substring(authority.lastIndexOf(':') + 1);
        return port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : -1;
    }
}
