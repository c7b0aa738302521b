package org.needle.camel;

import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** What clients may do at the public port: the options of {@code push} about limits. */
@UriParams
public class LimitOptions extends ConfirmOptions {
    @UriParam(
            label = "security",
            defaultValue = "100000",
            description = "The most open connections; one more is closed at once.")
    private String maxConnections = "100000";

    @UriParam(
            label = "security",
            defaultValue = "100000",
            description = "The most subscribers, waiting polls included; one more is told to come back later.")
    private String maxSubscribers = "100000";

    @UriParam(label = "security", defaultValue = "100000", description = "The most sessions that are remembered.")
    private String maxSessions = "100000";

    @UriParam(
            label = "security",
            defaultValue = "64",
            description = "The most topics and patterns that one subscriber follows; more is answered 400.")
    private String maxTopicsPerSubscriber = "64";

    @UriParam(
            label = "security",
            defaultValue = "8k",
            description = "The longest request line, as 8k; a longer one is answered 414.")
    private String maxUrl = "8k";

    @UriParam(
            label = "security",
            defaultValue = "16k",
            description = "The most bytes of request headers, as 16k; more is answered 431.")
    private String maxHeaders = "16k";

    @UriParam(
            label = "security",
            defaultValue = "1m",
            description = "The largest request body, as 1m; a larger one is answered 413.")
    private String maxBody = "1m";

    @UriParam(
            label = "security",
            defaultValue = "1m",
            description = "The largest WebSocket message, as 1m; a larger one closes the connection with 1009.")
    private String maxFrame = "1m";

    @UriParam(
            label = "consumer",
            defaultValue = "20",
            description = "The most threads that run routes for messages of clients.")
    private String messageThreads = "20";

    @UriParam(
            label = "consumer",
            defaultValue = "1000",
            description = "The most messages of clients that wait for a thread; one more is refused.")
    private String messageQueue = "1000";

    @UriParam(
            label = "security",
            defaultValue = "256",
            description = "The most open streams of one HTTP/2 connection; a client waits with one more.")
    private String maxStreams = "256";

    public String getMaxConnections() {
        return maxConnections;
    }

    public void setMaxConnections(String maxConnections) {
        this.maxConnections = maxConnections;
    }

    public String getMaxSubscribers() {
        return maxSubscribers;
    }

    public void setMaxSubscribers(String maxSubscribers) {
        this.maxSubscribers = maxSubscribers;
    }

    public String getMaxSessions() {
        return maxSessions;
    }

    public void setMaxSessions(String maxSessions) {
        this.maxSessions = maxSessions;
    }

    public String getMaxTopicsPerSubscriber() {
        return maxTopicsPerSubscriber;
    }

    public void setMaxTopicsPerSubscriber(String maxTopicsPerSubscriber) {
        this.maxTopicsPerSubscriber = maxTopicsPerSubscriber;
    }

    public String getMaxUrl() {
        return maxUrl;
    }

    public void setMaxUrl(String maxUrl) {
        this.maxUrl = maxUrl;
    }

    public String getMaxHeaders() {
        return maxHeaders;
    }

    public void setMaxHeaders(String maxHeaders) {
        this.maxHeaders = maxHeaders;
    }

    public String getMaxBody() {
        return maxBody;
    }

    public void setMaxBody(String maxBody) {
        this.maxBody = maxBody;
    }

    public String getMaxFrame() {
        return maxFrame;
    }

    public void setMaxFrame(String maxFrame) {
        this.maxFrame = maxFrame;
    }

    public String getMessageThreads() {
        return messageThreads;
    }

    public void setMessageThreads(String messageThreads) {
        this.messageThreads = messageThreads;
    }

    public String getMessageQueue() {
        return messageQueue;
    }

    public void setMessageQueue(String messageQueue) {
        this.messageQueue = messageQueue;
    }

    public String getMaxStreams() {
        return maxStreams;
    }

    public void setMaxStreams(String maxStreams) {
        this.maxStreams = maxStreams;
    }
}
