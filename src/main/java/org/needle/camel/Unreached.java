package org.needle.camel;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;

/**
 * The bean {@code pushUnreached}: the sessions that the leg before has not reached. A leg's headers are gone where failover or a
 * multicast gives the next one a fresh copy of the exchange; what the copies share knows them still.
 */
public final class Unreached {
    static final String NAME = "pushUnreached";

    /** Makes the bean known, unless the application has one of that name. */
    static void bind(CamelContext context) {
        if (context.getRegistry().lookupByName(NAME) == null) {
            context.getRegistry().bind(NAME, new Unreached());
        }
    }

    /** The ids of the sessions; none if no leg has waited. */
    @Handler
    public List<String> of(Exchange exchange) {
        return Lineage.of(exchange).unreached();
    }
}
