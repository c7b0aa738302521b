package org.needle.camel;

import org.apache.camel.spi.Configurer;
import org.jspecify.annotations.Nullable;

/** What a pattern says of its topics; null is as for all topics. */
@Configurer
public class TopicOptions {
    private @Nullable String historyCount;
    private @Nullable String historyBytes;
    private @Nullable String historyAge;
    private @Nullable String slow;

    public @Nullable String getHistoryCount() {
        return historyCount;
    }

    public void setHistoryCount(@Nullable String historyCount) {
        this.historyCount = historyCount;
    }

    public @Nullable String getHistoryBytes() {
        return historyBytes;
    }

    public void setHistoryBytes(@Nullable String historyBytes) {
        this.historyBytes = historyBytes;
    }

    public @Nullable String getHistoryAge() {
        return historyAge;
    }

    public void setHistoryAge(@Nullable String historyAge) {
        this.historyAge = historyAge;
    }

    public @Nullable String getSlow() {
        return slow;
    }

    public void setSlow(@Nullable String slow) {
        this.slow = slow;
    }
}
