package org.needle.camel;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.Processor;
import org.apache.camel.impl.engine.PrototypeProcessorExchangeFactory;
import org.apache.camel.processor.Splitter;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.spi.ProcessorExchangeFactory;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.spi.UnitOfWorkFactory;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.jspecify.annotations.Nullable;

/**
 * Gives every exchange its {@link Lineage} before it can be copied. Found by Camel when a context is built, because routes take
 * hold of these factories while they are made, and that may be before the first of our endpoints.
 */
public final class Lineages implements ContextServicePlugin {
    @Override
    public void load(CamelContext context) {
        ExtendedCamelContext extended = context.getCamelContextExtension();
        UnitOfWorkFactory factory = PluginHelper.getUnitOfWorkFactory(extended);
        extended.addContextPlugin(UnitOfWorkFactory.class, new Beginning(factory));
        extended.setProcessorExchangeFactory(new Parting(null));
    }

    /**
     * Camel's own configuration comes after {@link #load} and may have undone it, or asked for exchanges from a pool. A pooled
     * exchange keeps its unit of work and loses its lineage each time it is used again.
     */
    static void confirm(CamelContext context) {
        ExtendedCamelContext extended = context.getCamelContextExtension();
        if (!(extended.getProcessorExchangeFactory() instanceof Parting)) {
            extended.setProcessorExchangeFactory(new Parting(null));
        }
        if (extended.getExchangeFactory().isPooled()) {
            context.getManagementStrategy().addEventNotifier(new Reused());
        }
    }

    /** Begins the lineages of pooled exchanges. */
    private static final class Reused extends SimpleEventNotifierSupport {
        Reused() {
            setIgnoreCamelContextEvents(true);
            setIgnoreRouteEvents(true);
            setIgnoreServiceEvents(true);
            setIgnoreExchangeEvents(false);
            setIgnoreExchangeCreatedEvent(false);
        }

        @Override
        public void notify(CamelEvent event) {
            if (event instanceof CamelEvent.ExchangeCreatedEvent created) {
                Lineage.of(created.getExchange());
            }
        }
    }

    /** A unit of work is begun for each exchange that a consumer or a template makes, and for each copy. */
    private record Beginning(UnitOfWorkFactory factory) implements UnitOfWorkFactory {
        @Override
        public UnitOfWork createUnitOfWork(Exchange exchange) {
            Lineage.of(exchange);
            return factory.createUnitOfWork(exchange);
        }

        @Override
        public void afterPropertiesConfigured(CamelContext context) {
            factory.afterPropertiesConfigured(context);
        }
    }

    /** Makes the copies for one processor; those of a splitter are parts. */
    private static final class Parting extends PrototypeProcessorExchangeFactory {
        private final boolean splits;

        Parting(@Nullable Processor processor) {
            super(processor);
            this.splits = processor instanceof Splitter;
        }

        @Override
        public ProcessorExchangeFactory newProcessorExchangeFactory(Processor processor) {
            Parting factory = new Parting(processor);
            factory.setStatisticsEnabled(isStatisticsEnabled());
            factory.setCapacity(getCapacity());
            factory.setCamelContext(getCamelContext());
            return factory;
        }

        @Override
        public Exchange createCorrelatedCopy(Exchange exchange, boolean handover) {
            Exchange copy = super.createCorrelatedCopy(exchange, handover);
            if (splits) {
                Lineage.begin(copy);
            }
            return copy;
        }
    }
}
