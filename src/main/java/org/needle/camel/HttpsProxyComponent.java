package org.needle.camel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Endpoint;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/** The leg that posts events to a proxy, a relay or a webhook. */
@Component("https-proxy")
public class HttpsProxyComponent extends DefaultComponent implements SSLContextParametersAware {
    @Metadata(
            label = "security",
            defaultValue = "false",
            description = "Whether to trust, and show, the certificates of camel.ssl.* instead of those of the JVM.")
    private boolean useGlobalSslContextParameters;

    /** One client for all endpoints that need the same: each has its own selector thread and connections. */
    private record Wanted(@Nullable String proxy, Duration connectTimeout) {}

    private final Map<Wanted, HttpClient> clients = new ConcurrentHashMap<>();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        if (!remaining.matches("(?i)https?://.+")) {
            throw new IllegalArgumentException(
                    "https-proxy:" + remaining + ": give an https:// URL; forwarding requests"
                            + " (https-proxy:NAME) is not built yet in this version");
        }
        HttpsProxyEndpoint endpoint = new HttpsProxyEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        endpoint.setTarget(target(remaining, parameters));
        parameters.clear();
        return endpoint;
    }

    /** The URL to post to; parameters that are no options of ours are the URL's own. */
    private static URI target(String address, Map<String, Object> parameters) throws Exception {
        String query = parameters.isEmpty() ? "" : "?" + URISupport.createQueryString(parameters);
        URI target = new URI(address + query);
        String host = target.getHost();
        if (host == null) {
            throw new IllegalArgumentException("https-proxy:" + address + ": the URL has no host");
        }
        if (target.getScheme().equalsIgnoreCase("http") && !isLoopback(host)) {
            throw new IllegalArgumentException(
                    "https-proxy:" + address + ": must be https; plain http is only for this machine itself");
        }
        return target;
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** @param proxy {@code http://host:port} or null */
    HttpClient client(@Nullable String proxy, Duration connectTimeout) {
        return clients.computeIfAbsent(new Wanted(proxy, connectTimeout), this::connect);
    }

    private HttpClient connect(Wanted wanted) {
        HttpClient.Builder client = HttpClient.newBuilder()
                .connectTimeout(wanted.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER);
        if (wanted.proxy() != null) {
            URI proxy = URI.create(wanted.proxy());
            client.proxy(ProxySelector.of(new InetSocketAddress(proxy.getHost(), proxy.getPort())));
        }
        SSLContextParameters ssl =
                useGlobalSslContextParameters ? getCamelContext().getSSLContextParameters() : null;
        if (ssl != null) {
            try {
                client.sslContext(ssl.createSSLContext(getCamelContext()));
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException("https-proxy: camel.ssl.* cannot be used: " + e.getMessage(), e);
            }
        }
        return client.build();
    }

    @Override
    protected void doStop() throws Exception {
        clients.clear();
        super.doStop();
    }

    @Override
    public boolean isUseGlobalSslContextParameters() {
        return useGlobalSslContextParameters;
    }

    @Override
    public void setUseGlobalSslContextParameters(boolean useGlobalSslContextParameters) {
        this.useGlobalSslContextParameters = useGlobalSslContextParameters;
    }
}
