package org.needle.camel;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.jspecify.annotations.Nullable;
import org.needle.edge.Failing;
import org.needle.edge.Transport;

/**
 * Whether waiting on one leg is of use: down while so many of its sessions do not answer. The check {@code push-leg-LEG} is there as
 * long as a producer that waits on this leg. Safe for use by all threads.
 */
final class LegHealth extends AbstractHealthCheck {
    /** While it is down one exchange of so many is let through, or nothing would show that it is up again. */
    private static final int TRY = 10;

    private final CamelContext context;
    private final Supplier<Failing> failing;
    private final int down;
    private final AtomicInteger turned = new AtomicInteger();

    // guarded by this
    private int producers;

    /** @param down per cent of the sessions that fail */
    LegHealth(CamelContext context, @Nullable Transport transport, int down, Supplier<Failing> failing) {
        super("needle", "push-leg-" + name(transport));
        this.context = context;
        this.down = down;
        this.failing = failing;
    }

    private static String name(@Nullable Transport transport) {
        if (transport == null) {
            return "push";
        }
        return transport == Transport.WEBSOCKET ? "websocket-jsr356" : transport.label();
    }

    /** A producer that waits on this leg has started. */
    synchronized void enter() {
        HealthCheckRegistry registry = HealthCheckRegistry.get(context);
        if (producers++ == 0 && registry != null) {
            registry.register(this);
        }
    }

    /** One has stopped. */
    synchronized void leave() {
        HealthCheckRegistry registry = HealthCheckRegistry.get(context);
        if (--producers == 0 && registry != null) {
            registry.unregister(this);
        }
    }

    /** Whether the next exchange may wait; while the leg is down that is every tenth. */
    boolean mayWait() {
        return !failing.get().isAtLeast(down) || turned.incrementAndGet() % TRY == 0;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        Failing now = failing.get();
        builder.detail("sessions", now.sessions());
        builder.detail("sessions.failing", now.failing());
        if (now.isAtLeast(down)) {
            builder.message(now.failing() + " of " + now.sessions() + " sessions do not answer (leg-down=" + down + ")")
                    .down();
        } else {
            builder.up();
        }
    }
}
