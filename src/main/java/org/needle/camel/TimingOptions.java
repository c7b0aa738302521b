package org.needle.camel;

import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** How long things may take at the public port: the options of {@code push} about time. */
@UriParams
public class TimingOptions extends LimitOptions {
    @UriParam(
            defaultValue = "15s",
            javaType = "java.time.Duration",
            description =
                    "The silence after which a stream gets a sign of life; shorter on a network that is known to cut silent streams.")
    private String heartbeat = "15s";

    @UriParam(
            label = "security",
            defaultValue = "10s",
            javaType = "java.time.Duration",
            description =
                    "A request head must be complete after this, else 408; a new connection that sends nothing is closed after it.")
    private String headTimeout = "10s";

    @UriParam(
            label = "security",
            defaultValue = "30s",
            javaType = "java.time.Duration",
            description = "A request body must be complete after this, else 408.")
    private String bodyTimeout = "30s";

    @UriParam(
            label = "security",
            defaultValue = "60s",
            javaType = "java.time.Duration",
            description = "A kept-alive connection without a request is closed after this.")
    private String idleTimeout = "60s";

    @UriParam(defaultValue = "60s", javaType = "java.time.Duration", description = "The longest that a poll waits.")
    private String maxWait = "60s";

    @UriParam(
            defaultValue = "30s",
            javaType = "java.time.Duration",
            description =
                    "How long the session of a subscriber that is gone is remembered; 5 s at most if its client has never answered.")
    private String resumeWindow = "30s";

    @UriParam(
            label = "security",
            defaultValue = "60s",
            javaType = "java.time.Duration",
            description = "A subscriber that takes nothing for this long is ended, and may resume.")
    private String stalledTimeout = "60s";

    @UriParam(
            defaultValue = "5s",
            javaType = "java.time.Duration",
            description = "How long stopping may take while subscribers are sent away.")
    private String drainTimeout = "5s";

    @UriParam(
            label = "advanced",
            defaultValue = "10s",
            javaType = "java.time.Duration",
            description =
                    "The longest that an event may be on a response whose client comes back by itself but cannot say what has"
                            + " arrived, as a browser's EventSource, while nothing is known of its network. Then the response ends, which"
                            + " frees what is held on the way, and the client goes on.")
    private String plainHold = "10s";

    @UriParam(
            label = "advanced",
            defaultValue = "10m",
            javaType = "java.time.Duration",
            description =
                    "The age, give or take a tenth, at which SSE and NDJSON streams end whose clients come back by themselves;"
                            + " sooner on a network that is known to cut them.")
    private String streamLife = "10m";

    public String getPlainHold() {
        return plainHold;
    }

    public void setPlainHold(String plainHold) {
        this.plainHold = plainHold;
    }

    public String getStreamLife() {
        return streamLife;
    }

    public void setStreamLife(String streamLife) {
        this.streamLife = streamLife;
    }

    public String getHeartbeat() {
        return heartbeat;
    }

    public void setHeartbeat(String heartbeat) {
        this.heartbeat = heartbeat;
    }

    public String getHeadTimeout() {
        return headTimeout;
    }

    public void setHeadTimeout(String headTimeout) {
        this.headTimeout = headTimeout;
    }

    public String getBodyTimeout() {
        return bodyTimeout;
    }

    public void setBodyTimeout(String bodyTimeout) {
        this.bodyTimeout = bodyTimeout;
    }

    public String getIdleTimeout() {
        return idleTimeout;
    }

    public void setIdleTimeout(String idleTimeout) {
        this.idleTimeout = idleTimeout;
    }

    public String getMaxWait() {
        return maxWait;
    }

    public void setMaxWait(String maxWait) {
        this.maxWait = maxWait;
    }

    public String getResumeWindow() {
        return resumeWindow;
    }

    public void setResumeWindow(String resumeWindow) {
        this.resumeWindow = resumeWindow;
    }

    public String getStalledTimeout() {
        return stalledTimeout;
    }

    public void setStalledTimeout(String stalledTimeout) {
        this.stalledTimeout = stalledTimeout;
    }

    public String getDrainTimeout() {
        return drainTimeout;
    }

    public void setDrainTimeout(String drainTimeout) {
        this.drainTimeout = drainTimeout;
    }
}
