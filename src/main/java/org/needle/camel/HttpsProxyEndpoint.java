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
import org.jspecify.annotations.Nullable;
import org.needle.client.ProxyAddress;

/**
 * Post events to a proxy, a relay or a webhook over HTTPS, or forward clients' requests to an upstream and stream the answers back.
 *
 * <p>With a URL it is a producer: the event's JSON object is posted with its id as Idempotency-Key. An answer 2xx means reached;
 * everything else, redirects included, fails the exchange with an UnreachedException.
 *
 * <p>With a name it is a consumer: requests under /proxy/NAME on the public port go to the upstream, and each event of an answer
 * is an exchange, whose body is what the client gets. A step that stops the route, or leaves no body, drops the event.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "https-proxy",
        title = "HTTPS Proxy",
        syntax = "https-proxy:target",
        lenientProperties = true,
        category = {Category.HTTP, Category.MESSAGING},
        headersClass = HttpsProxyHeaders.class)
public class HttpsProxyEndpoint extends ForwardOptions implements AsyncEndpoint {
    @UriPath(
            description =
                    "The https URL to post to; parameters that are not options of this endpoint become its query. Plain http"
                            + " is allowed only on this machine itself. Or, for a consumer, the name under /proxy: letters, digits, - and _.")
    @Metadata(required = true)
    private final String target;

    @UriParam(
            label = "proxy",
            secret = true,
            description =
                    "An HTTP proxy to go through, as http://host:port or http://user:password@host:port; by default none.")
    private @Nullable String proxy;

    @UriParam(defaultValue = "5s", javaType = "java.time.Duration", description = "How long connecting may take.")
    private String connectTimeout = "5s";

    @UriParam(
            defaultValue = "10s",
            javaType = "java.time.Duration",
            description = "How long the answer, of an upstream its head, may take, connecting included.")
    private String responseTimeout = "10s";

    @UriParam(
            label = "producer",
            defaultValue = "100",
            description =
                    "The most posts that are under way at one time. More wait for their turn, in order and without a"
                            + " thread; when 10000 wait the next exchange fails.")
    private String maxPosts = "100";

    private @Nullable URI url;

    HttpsProxyEndpoint(String uri, HttpsProxyComponent component, String target) {
        super(uri, component);
        this.target = target;
    }

    /** What is no option of ours is the URL's. */
    @Override
    public boolean isLenientProperties() {
        return HttpsProxyComponent.isUrl(target);
    }

    @Override
    public Producer createProducer() {
        if (!HttpsProxyComponent.isUrl(target)) {
            throw new UnsupportedOperationException("https-proxy:" + target
                    + ": nothing can be sent to a name: give an https:// URL, or use it as from");
        }
        OptionReader reader = OptionReader.ofEndpoint("https-proxy:" + target + "?");
        Duration connect = reader.time("connectTimeout", connectTimeout);
        Duration response = reader.time("responseTimeout", responseTimeout);
        int most = reader.number("maxPosts", maxPosts, 1, 10_000);
        ProxyAddress way = proxy(proxy, reader);
        reader.check();
        URI to = url == null ? URI.create(target) : url;
        HttpsProxyComponent component = (HttpsProxyComponent) getComponent();
        return new HttpsProxyProducer(this, to, component.dial(way, connect), response, new Turns(most));
    }

    /** Null if {@code text} is, or is wrong, which {@code reader} is told. */
    static @Nullable ProxyAddress proxy(@Nullable String text, OptionReader reader) {
        try {
            return text == null ? null : ProxyAddress.of(text);
        } catch (IllegalArgumentException e) {
            reader.wrong("proxy", "", String.valueOf(e.getMessage())); // not repeated: a password may be in it
            return null;
        }
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (HttpsProxyComponent.isUrl(target)) {
            throw new UnsupportedOperationException("https-proxy:" + target
                    + ": nothing comes from a URL: use it as to, or forward requests by https-proxy:NAME?upstream=URL");
        }
        ForwardConsumer consumer = new ForwardConsumer(this, processor, target);
        configureConsumer(consumer);
        return consumer;
    }

    void setUrl(URI url) {
        this.url = url;
    }

    public String getTarget() {
        return target;
    }

    public @Nullable String getProxy() {
        return proxy;
    }

    public void setProxy(@Nullable String proxy) {
        this.proxy = proxy;
    }

    public String getMaxPosts() {
        return maxPosts;
    }

    public void setMaxPosts(String maxPosts) {
        this.maxPosts = maxPosts;
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
