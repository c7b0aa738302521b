package org.needle.camel;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.jspecify.annotations.Nullable;
import org.needle.edge.Meter;
import org.needle.hub.Hub;

/** Shows a gateway to Camel's health checks, {@code push-edge}, {@code push-tls} and {@code push-log}, and to Micrometer if the context has a registry. */
final class Observation implements AutoCloseable {
    private final CamelContext context;
    private final List<Readiness> checks;
    /** Held here because Micrometer refers to what it measures weakly. */
    private final List<Meter> meters = new ArrayList<>();

    private final List<io.micrometer.core.instrument.Meter> bound = new ArrayList<>();
    private final @Nullable MeterRegistry registry;

    Observation(Gateway gateway, CamelContext context) {
        this.context = context;
        this.registry = context.getRegistry().findSingleByType(MeterRegistry.class);
        this.checks = List.of(
                new Readiness("push-edge", gateway.edge()::trouble),
                new Readiness("push-tls", gateway.edge()::tlsTrouble),
                new Readiness("push-log", gateway.hub()::trouble));
        HealthCheckRegistry health = HealthCheckRegistry.get(context);
        if (health != null) {
            checks.forEach(health::register);
        }
        if (registry != null) {
            meters.addAll(gateway.edge().meters());
            meters.addAll(totals(gateway.hub()));
            meters.forEach(meter -> bind(meter, registry));
        }
    }

    private static List<Meter> totals(Hub hub) {
        return List.of(
                new Meter("needle.topics", Map.of(), true, () -> hub.totals().topics()),
                new Meter("needle.history.bytes", Map.of(), true, () -> hub.totals()
                        .historyBytes()),
                new Meter(
                        "needle.published", Map.of(), false, () -> hub.totals().published()));
    }

    private void bind(Meter meter, MeterRegistry to) {
        Tags tags = Tags.empty();
        for (Map.Entry<String, String> tag : meter.tags().entrySet()) {
            tags = tags.and(tag.getKey(), tag.getValue());
        }
        bound.add(
                meter.gauge()
                        ? Gauge.builder(meter.name(), meter, Observation::read)
                                .tags(tags)
                                .register(to)
                        : FunctionCounter.builder(meter.name(), meter, Observation::read)
                                .tags(tags)
                                .register(to));
    }

    private static double read(Meter meter) {
        return meter.value().getAsLong();
    }

    @Override
    public void close() {
        HealthCheckRegistry health = HealthCheckRegistry.get(context);
        if (health != null) {
            checks.forEach(health::unregister);
        }
        if (registry != null) {
            bound.forEach(registry::remove);
        }
    }

    /** Ready while there is no trouble to tell. */
    private static final class Readiness extends AbstractHealthCheck {
        private final Supplier<String> trouble;

        Readiness(String id, Supplier<String> trouble) {
            super("needle", id);
            this.trouble = trouble;
        }

        @Override
        protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
            String line = trouble.get();
            if (line.isEmpty()) {
                builder.up();
            } else {
                builder.message(line).down();
            }
        }
    }
}
