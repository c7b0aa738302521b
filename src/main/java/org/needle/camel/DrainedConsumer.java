package org.needle.camel;

import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;

/** A consumer that takes no more when its route is stopped, while what it counts as pending goes through. */
abstract class DrainedConsumer extends DefaultConsumer implements ShutdownAware, Suspendable {
    DrainedConsumer(Endpoint endpoint, Processor processor) {
        super(endpoint, processor);
    }

    @Override
    public final boolean deferShutdown(ShutdownRunningTask task) {
        return false;
    }

    @Override
    public final void prepareShutdown(boolean suspendOnly, boolean forced) {
        // nothing to prepare: what is pending is counted
    }
}
