package org.needle.camel;

import java.net.URI;
import java.time.Duration;
import org.apache.camel.AsyncEndpoint;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Post events to a proxy, a relay or a webhook over HTTPS.
 *
 * <p>The event's JSON object is posted with its id as Idempotency-Key. An answer 2xx means reached; everything else, redirects
 * included, fails the exchange with an UnreachedException.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "https-proxy",
        title = "HTTPS Proxy",
        syntax = "https-proxy:url",
        producerOnly = true,
        lenientProperties = true,
        category = {Category.HTTP, Category.MESSAGING},
        headersClass = PushHeaders.class)
public class HttpsProxyEndpoint extends DefaultEndpoint implements AsyncEndpoint {
    @UriPath(
            description = "The https URL to post to. Parameters that are not options of this endpoint become its query."
                    + " Plain http is allowed only on this machine itself.")
    @Metadata(required = true)
    private final String url;

    @UriParam(label = "proxy", description = "An HTTP proxy to go through, as http://host:port; by default none.")
    private @Nullable String proxy;

    @UriParam(defaultValue = "5s", javaType = "java.time.Duration", description = "How long connecting may take.")
    private String connectTimeout = "5s";

    @UriParam(
            defaultValue = "10s",
            javaType = "java.time.Duration",
            description = "How long the answer may take, connecting included.")
    private String responseTimeout = "10s";

    private @Nullable URI target;

    HttpsProxyEndpoint(String uri, HttpsProxyComponent component, String url) {
        super(uri, component);
        this.url = url;
    }

    @Override
    public boolean isLenientProperties() {
        return true;
    }

    @Override
    public Producer createProducer() {
        HttpsProxyComponent component = (HttpsProxyComponent) getComponent();
        Duration connect = time("connectTimeout", connectTimeout);
        Duration response = time("responseTimeout", responseTimeout);
        URI to = target == null ? URI.create(url) : target;
        return new HttpsProxyProducer(this, to, component.client(checkedProxy(), connect), response);
    }

    private @Nullable String checkedProxy() {
        if (proxy != null && !proxy.matches("(?i)http://[^/:@]+:[0-9]{1,5}/?")) {
            throw new IllegalArgumentException("https-proxy:" + url + ": proxy must be http://host:port");
        }
        return proxy;
    }

    private Duration time(String option, String text) {
        Duration time = OptionReader.time(text);
        if (time == null || time.isZero()) {
            throw new IllegalArgumentException(
                    "https-proxy:" + url + ": " + option + "=" + text + " must be a time, as 500ms, 5s or 1m");
        }
        return time;
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("https-proxy:" + url + ": nothing comes from it: use it as to");
    }

    void setTarget(URI target) {
        this.target = target;
    }

    public String getUrl() {
        return url;
    }

    public @Nullable String getProxy() {
        return proxy;
    }

    public void setProxy(@Nullable String proxy) {
        this.proxy = proxy;
    }

    public String getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(String connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public String getResponseTimeout() {
        return responseTimeout;
    }

    public void setResponseTimeout(String responseTimeout) {
        this.responseTimeout = responseTimeout;
    }
}
