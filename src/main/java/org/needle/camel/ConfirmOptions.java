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

    @UriParam(
            label = "producer",
            defaultValue = "50",
            description =
                    "The share of a leg's sessions, in per cent, from which on the leg is down if they do not answer and there"
                            + " are at least 10 sessions: then only every tenth exchange waits, and the others fail at once.")
    private String legDown = "50";

    public String getMaxConfirming() {
        return maxConfirming;
    }

    public void setMaxConfirming(String maxConfirming) {
        this.maxConfirming = maxConfirming;
    }

    public String getLegDown() {
        return legDown;
    }

    public void setLegDown(String legDown) {
        this.legDown = legDown;
    }
}
