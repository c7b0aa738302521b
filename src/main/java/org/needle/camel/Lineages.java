package org.needle.camel;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.Processor;
import org.apache.camel.impl.engine.PrototypeProcessorExchangeFactory;
import org.apache.camel.processor.Splitter;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.spi.ProcessorExchangeFactory;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.spi.UnitOfWorkFactory;
import org.apache.camel.support.PluginHelper;

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
        if (extended.getProcessorExchangeFactory().getClass() == PrototypeProcessorExchangeFactory.class) {
            extended.setProcessorExchangeFactory(new Parting(null));
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

        Parting(@org.jspecify.annotations.Nullable Processor processor) {
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
