package org.needle.camel;

import java.time.Duration;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.needle.edge.Reach;
import org.needle.edge.Terms;

/** What one leg waits for, and how long. */
record LegTerms(Terms terms, Duration time) {
    /** Whether there is anything to wait for, or to look at, once the log has the event. */
    boolean isWaiting() {
        return terms.scope() != Terms.Scope.NONE || terms.subscribers();
    }

    /** Whether it is confirmations that it waits for. */
    boolean isConfirming() {
        return terms.scope() != Terms.Scope.NONE;
    }

    /** What the exchange of an event fails with that has not come as far as it had to. */
    UnreachedException unreached(String endpoint, Exchange exchange, Reach reach, boolean waited) {
        int missing = reach.unreached().size();
        String scope = terms.scope().name().toLowerCase(Locale.ROOT);
        return new UnreachedException(
                endpoint + ": " + missing + " of "
                        + (missing + reach.reached().size())
                        + " sessions have not confirmed the event (confirm=" + scope + ")"
                        + (waited ? "" : "; the leg is down and does not wait"),
                exchange,
                reach.unreached(),
                null);
    }
}
