package org.needle.camel;

import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** What the hub keeps: the options of {@code push} about history. All are text, so that every wrong one can be reported, and not only the first. */
@UriParams
public class HistoryOptions {
    @UriParam(
            defaultValue = "memory",
            enums = "memory",
            description =
                    "Where events are kept. memory: in this process only; a restart loses them and subscribers are told so by a gap.")
    private String log = "memory";

    @UriParam(defaultValue = "1000", description = "The most events that a topic keeps for those who come back.")
    private String historyCount = "1000";

    @UriParam(
            defaultValue = "1m",
            description =
                    "The most bytes that a topic keeps, as 64k, 1m or a number; the newest event is kept whatever its size.")
    private String historyBytes = "1m";

    @UriParam(defaultValue = "10m", javaType = "java.time.Duration", description = "How long a topic keeps an event.")
    private String historyAge = "10m";

    @UriParam(
            defaultValue = "256m",
            description = "The most bytes that all topics keep together, as 256m; the oldest events of all go first.")
    private String historyTotal = "256m";

    @UriParam(
            defaultValue = "gap",
            enums = "gap,conflate,bye",
            description =
                    "What a topic does for a subscriber that is slower than its events. gap: it reads on and is told what it missed. conflate: of events with the same key it also gets only the newest. bye: its connection is ended, and it may come back.")
    private String slow = "gap";

    @UriParam(
            defaultValue = "10000",
            description = "The most topics with history at one time; an event for one more is refused.")
    private String maxTopics = "10000";

    @UriParam(defaultValue = "4m", description = "The largest data of one event, as 4m; a larger one is refused.")
    private String maxEvent = "4m";

    @UriParam(
            defaultValue = "10m",
            javaType = "java.time.Duration",
            description = "How long an idempotency key is remembered; a repeat publishes nothing.")
    private String idempotencyWindow = "10m";

    public String getLog() {
        return log;
    }

    public void setLog(String log) {
        this.log = log;
    }

    public String getHistoryCount() {
        return historyCount;
    }

    public void setHistoryCount(String historyCount) {
        this.historyCount = historyCount;
    }

    public String getHistoryBytes() {
        return historyBytes;
    }

    public void setHistoryBytes(String historyBytes) {
        this.historyBytes = historyBytes;
    }

    public String getHistoryAge() {
        return historyAge;
    }

    public void setHistoryAge(String historyAge) {
        this.historyAge = historyAge;
    }

    public String getHistoryTotal() {
        return historyTotal;
    }

    public void setHistoryTotal(String historyTotal) {
        this.historyTotal = historyTotal;
    }

    public String getSlow() {
        return slow;
    }

    public void setSlow(String slow) {
        this.slow = slow;
    }

    public String getMaxTopics() {
        return maxTopics;
    }

    public void setMaxTopics(String maxTopics) {
        this.maxTopics = maxTopics;
    }

    public String getMaxEvent() {
        return maxEvent;
    }

    public void setMaxEvent(String maxEvent) {
        this.maxEvent = maxEvent;
    }

    public String getIdempotencyWindow() {
        return idempotencyWindow;
    }

    public void setIdempotencyWindow(String idempotencyWindow) {
        this.idempotencyWindow = idempotencyWindow;
    }
}
