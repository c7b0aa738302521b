package org.needle.camel;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.component.micrometer.eventnotifier.MicrometerRouteEventNotifier;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory;
import org.apache.camel.spi.EventNotifier;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.RoutePolicySupport;
import org.jspecify.annotations.Nullable;
import org.needle.hub.SystemClock;

/**
 * Counts and times the exchanges of each route, under the names and tags of Camel's own route policy. That one formats two
 * strings and looks up its meters for every exchange and route, which was a sixth of what an event by HTTP costs; here they are
 * found once a route. Where Camel's is asked for too, this one stands back, or everything would count double.
 */
public final class RouteMeters implements CamelContextAware {
    private @Nullable CamelContext context;

    /** Camel looks for such beans before it makes those that properties name, so this one comes forward. */
    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
        context.addRoutePolicyFactory(RouteMeters::policy);
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }

    private static @Nullable RoutePolicy policy(CamelContext context, String routeId, NamedNode definition) {
        quieten(context);
        MeterRegistry registry = context.getRegistry().findSingleByType(MeterRegistry.class);
        boolean counted =
                context.getRoutePolicyFactories().stream().anyMatch(MicrometerRoutePolicyFactory.class::isInstance);
        return registry == null || counted ? null : new Policy(registry);
    }

    /** Camel's gauges of routes would be told five events of every exchange, only to look at their class. */
    private static void quieten(CamelContext context) {
        for (EventNotifier notifier : context.getManagementStrategy().getEventNotifiers()) {
            if (notifier instanceof MicrometerRouteEventNotifier routes) {
                routes.setIgnoreExchangeEvents(true);
            }
        }
    }

    /** The meters of one route, from its start to its removal. Exchanges come on any thread. */
    private static final class Policy extends RoutePolicySupport {
        private final MeterRegistry registry;
        private volatile @Nullable Meters meters;

        Policy(MeterRegistry registry) {
            this.registry = registry;
        }

        @Override
        public void onStart(Route route) {
            if (meters == null && !route.isCreatedByKamelet()) {
                meters = new Meters(registry, route);
            }
        }

        @Override
        public void onRemove(Route route) {
            Meters gone = meters;
            if (gone != null) {
                gone.all().forEach(registry::remove);
            }
            meters = null;
        }

        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            Meters running = meters;
            if (running != null) {
                exchange.setProperty(running.property, SystemClock.nanos());
            }
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            Meters running = meters;
            if (running != null) {
                running.count(exchange);
            }
        }
    }

    private static final class Meters {
        /** Of its own for each route: an exchange passes through several at a time. */
        private final String property;

        private final Timer time;
        private final FunctionCounter total;
        private final Counter succeeded;
        private final Counter failed;
        private final Counter handled;
        private final Counter redelivered;

        Meters(MeterRegistry registry, Route route) {
            Tags tags = Tags.of(
                    MicrometerConstants.CAMEL_CONTEXT_TAG,
                    route.getCamelContext().getName(),
                    MicrometerConstants.KIND,
                    MicrometerConstants.KIND_ROUTE,
                    MicrometerConstants.ROUTE_ID_TAG,
                    route.getId(),
                    MicrometerConstants.EVENT_TYPE_TAG,
                    "route");
            property = MicrometerConstants.DEFAULT_CAMEL_ROUTE_POLICY_METER_NAME + "-" + route.getId();
            time = Timer.builder(MicrometerConstants.DEFAULT_CAMEL_ROUTE_POLICY_METER_NAME)
                    .tags(tags)
                    .description("Route performance metrics")
                    .register(registry);
            succeeded = counter(registry, "succeeded", "Number of successfully completed exchanges", tags);
            failed = counter(registry, "failed", "Number of failed exchanges", tags);
            total = FunctionCounter.builder(
                            "camel.exchanges.total", this, each -> each.succeeded.count() + each.failed.count())
                    .tags(tags)
                    .description("Total number of processed exchanges")
                    .register(registry);
            handled = counter(registry, "failures.handled", "Number of failures handled", tags);
            redelivered = counter(
                    registry,
                    "external.redeliveries",
                    "Number of external initiated redeliveries (such as from JMS broker)",
                    tags);
        }

        private static Counter counter(MeterRegistry registry, String what, String description, Tags tags) {
            return Counter.builder("camel.exchanges." + what)
                    .tags(tags)
                    .description(description)
                    .register(registry);
        }

        List<Meter> all() {
            return List.of(time, total, succeeded, failed, handled, redelivered);
        }

        void count(Exchange exchange) {
            if (exchange.removeProperty(property) instanceof Long began) {
                time.record(SystemClock.nanos() - began, TimeUnit.NANOSECONDS);
            }
            if (exchange.isFailed()) {
                failed.increment();
                return;
            }
            succeeded.increment();
            if (ExchangeHelper.isFailureHandled(exchange)) {
                handled.increment();
            }
            if (exchange.isExternalRedelivered()) {
                redelivered.increment();
            }
        }
    }
}
