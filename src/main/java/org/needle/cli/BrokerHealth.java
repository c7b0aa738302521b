package org.needle.cli;

import java.util.Collection;
import java.util.Map;
import org.apache.camel.Route;
import org.apache.camel.component.jms.JmsConsumer;
import org.apache.camel.component.jms.JmsEndpoint;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.apache.camel.support.LifecycleStrategySupport;
import org.springframework.jms.listener.DefaultMessageListenerContainer;

/** Whether the broker of a route that consumes JMS is there: {@code consumer:ROUTE} is down while the route tries to reach it. */
final class BrokerHealth extends AbstractHealthCheck {
    private final JmsConsumer consumer;

    private BrokerHealth(JmsConsumer consumer) {
        super("needle", "jms:" + consumer.getRouteId());
        this.consumer = consumer;
    }

    /** Gives each such route its check. */
    static final class OfEachRoute extends LifecycleStrategySupport {
        @Override
        public void onRoutesAdd(Collection<Route> routes) {
            for (Route route : routes) {
                if (route.getConsumer() instanceof JmsConsumer consumer) {
                    consumer.setHealthCheck(new BrokerHealth(consumer));
                }
            }
        }
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.up();
        if (consumer.isStarted() && isAway()) {
            JmsEndpoint from = consumer.getEndpoint();
            builder.message("the broker of " + from.getDestinationName() + " cannot be reached; tried again every "
                            + from.getRecoveryInterval() + " ms")
                    .down();
        }
    }

    private boolean isAway() {
        try {
            return consumer.getListenerContainer() instanceof DefaultMessageListenerContainer container
                    && container.isRecovering();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
