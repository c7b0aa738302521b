package org.needle.camel;

import java.util.Map;
import org.apache.camel.Component;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** The options by which {@code https-proxy:NAME} forwards requests. */
public abstract class ForwardOptions extends DefaultEndpoint {
    @UriParam(
            label = "consumer",
            description =
                    "The https URL that requests are forwarded to, as https://host/path: what follows /proxy/NAME is put behind it. Plain http is allowed only to this machine, with allowPrivate=true.")
    private @Nullable String upstream;

    @UriParam(
            label = "consumer",
            defaultValue = "GET,HEAD,POST",
            description = "The methods that clients may use, with commas between them.")
    private String methods = "GET,HEAD,POST";

    @UriParam(
            label = "consumer",
            description =
                    "Headers of clients that are forwarded besides Accept, Accept-Language, Content-Type, Idempotency-Key, Prefer, Range, If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since and If-Range, with commas between them. Authorization is never forwarded where the gateway itself asks for tokens.")
    private String allowedHeaders = "";

    @UriParam(
            label = "consumer,security",
            secret = true,
            description = "What the upstream gets as Authorization, as Bearer KEY. Clients never see it.")
    private @Nullable String authorization;

    @UriParam(
            label = "consumer,security",
            defaultValue = "false",
            description =
                    "Whether the upstream may have an address of this machine or of a private network. Otherwise the address that is connected to must be a public one, whatever the name means at the moment.")
    private String allowPrivate = "false";

    @UriParam(
            label = "consumer",
            defaultValue = "2m",
            javaType = "java.time.Duration",
            description = "How long an answer is kept after its end, for a client that has lost its connection.")
    private String keep = "2m";

    @UriParam(
            label = "consumer",
            defaultValue = "30s",
            javaType = "java.time.Duration",
            description = "The upstream is let go when nobody has followed its answer for so long.")
    private String cancelAfter = "30s";

    @UriParam(
            label = "consumer",
            defaultValue = "1h",
            javaType = "java.time.Duration",
            description = "The longest that an answer may take.")
    private String maxDuration = "1h";

    @UriParam(
            label = "consumer",
            defaultValue = "4m",
            description = "The most bytes that are kept of one answer, as 4m.")
    private String historyBytes = "4m";

    @UriParam(
            label = "consumer",
            defaultValue = "256m",
            description =
                    "The most bytes that are kept of all answers of this name: those that have ended go first, then new requests are refused.")
    private String historyTotal = "256m";

    @UriParam(
            label = "consumer",
            defaultValue = "256k",
            description = "The upstream is not read on while so many bytes wait for the client.")
    private String ahead = "256k";

    @UriParam(
            label = "consumer",
            defaultValue = "1m",
            description = "The largest data of one event of the upstream; a larger one breaks the answer off.")
    private String maxEvent = "1m";

    @UriParam(
            label = "consumer",
            defaultValue = "1000",
            description = "The most requests at one time, with those whose answer is kept; one more is answered 503.")
    private String maxRequests = "1000";

    @UriParam(
            label = "consumer,security",
            prefix = "header.",
            multiValue = true,
            secret = true,
            description =
                    "What the upstream gets as further headers, as header.X-Api-Key=KEY. They win over what clients send.")
    private Map<String, Object> upstreamHeaders = Map.of();

    protected ForwardOptions(String uri, Component component) {
        super(uri, component);
    }

    public @Nullable String getUpstream() {
        return upstream;
    }

    public void setUpstream(@Nullable String upstream) {
        this.upstream = upstream;
    }

    public String getMethods() {
        return methods;
    }

    public void setMethods(String methods) {
        this.methods = methods;
    }

    public String getAllowedHeaders() {
        return allowedHeaders;
    }

    public void setAllowedHeaders(String allowedHeaders) {
        this.allowedHeaders = allowedHeaders;
    }

    public @Nullable String getAuthorization() {
        return authorization;
    }

    public void setAuthorization(@Nullable String authorization) {
        this.authorization = authorization;
    }

    public String getAllowPrivate() {
        return allowPrivate;
    }

    public void setAllowPrivate(String allowPrivate) {
        this.allowPrivate = allowPrivate;
    }

    public String getKeep() {
        return keep;
    }

    public void setKeep(String keep) {
        this.keep = keep;
    }

    public String getCancelAfter() {
        return cancelAfter;
    }

    public void setCancelAfter(String cancelAfter) {
        this.cancelAfter = cancelAfter;
    }

    public String getMaxDuration() {
        return maxDuration;
    }

    public void setMaxDuration(String maxDuration) {
        this.maxDuration = maxDuration;
    }

    public String getHistoryBytes() {
        return historyBytes;
    }

    public void setHistoryBytes(String historyBytes) {
        this.historyBytes = historyBytes;
    }

    public String getHistoryTotal() {
        return historyTotal;
    }

    public void setHistoryTotal(String historyTotal) {
        this.historyTotal = historyTotal;
    }

    public String getAhead() {
        return ahead;
    }

    public void setAhead(String ahead) {
        this.ahead = ahead;
    }

    public String getMaxEvent() {
        return maxEvent;
    }

    public void setMaxEvent(String maxEvent) {
        this.maxEvent = maxEvent;
    }

    public String getMaxRequests() {
        return maxRequests;
    }

    public void setMaxRequests(String maxRequests) {
        this.maxRequests = maxRequests;
    }

    public Map<String, Object> getUpstreamHeaders() {
        return upstreamHeaders;
    }

    public void setUpstreamHeaders(Map<String, Object> upstreamHeaders) {
        this.upstreamHeaders = upstreamHeaders;
    }
}
