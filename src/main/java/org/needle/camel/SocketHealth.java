package org.needle.camel;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.needle.client.DialException;
import org.needle.client.SteadySocket;

/** Whether the connections to a server are open: down if one is not, and the last attempt failed. */
final class SocketHealth extends AbstractHealthCheck {
    private final Supplier<List<SteadySocket>> sockets;

    SocketHealth(String route, Supplier<List<SteadySocket>> sockets) {
        super("needle", "websocket-jsr356:" + route);
        this.sockets = sockets;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        List<SteadySocket> all = sockets.get();
        builder.detail("sessions.wanted", all.size());
        builder.detail(
                "sessions.open", all.stream().filter(SteadySocket::isOpen).count());
        builder.up();
        for (SteadySocket socket : all) {
            DialException trouble = socket.trouble();
            if (trouble != null && !socket.isOpen()) {
                builder.message(trouble.getMessage()).down();
            }
        }
    }
}
