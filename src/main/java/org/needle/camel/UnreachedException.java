package org.needle.camel;

import java.util.List;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** A leg did not reach everybody whom it had to reach. */
public final class UnreachedException extends CamelExchangeException {
    private static final long serialVersionUID = 1;

    private final List<String> unreached;

    UnreachedException(String message, Exchange exchange, List<String> unreached, @Nullable Throwable cause) {
        super(message, exchange, cause);
        this.unreached = List.copyOf(unreached);
    }

    /** Who was not reached. */
    public List<String> getUnreached() {
        return unreached;
    }
}
