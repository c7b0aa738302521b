package org.needle.camel;

import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options of {@code push} about legs that wait for confirmation. */
@UriParams
public class ConfirmOptions extends HistoryOptions {
    @UriParam(
            label = "producer",
            defaultValue = "10000",
            description = "The most exchanges that wait for confirmation; one more fails, and publishes nothing.")
    private String maxConfirming = "10000";

    public String getMaxConfirming() {
        return maxConfirming;
    }

    public void setMaxConfirming(String maxConfirming) {
        this.maxConfirming = maxConfirming;
    }
}
