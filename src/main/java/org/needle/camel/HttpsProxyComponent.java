package org.needle.camel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.util.PropertiesHelper;
import org.apache.camel.util.URISupport;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;
import org.jspecify.annotations.Nullable;
import org.needle.client.AddressRule;
import org.needle.client.Dial;
import org.needle.client.Exit;
import org.needle.client.ProxyAddress;

/** The leg that posts events to a proxy, a relay or a webhook, and the routes that forward requests to upstreams. */
@Component("https-proxy")
public class HttpsProxyComponent extends RemoteComponent {
    private static final String PROPERTIES = "camel.component.https-proxy.";

    @Metadata(
            label = "consumer,advanced",
            defaultValue = "20",
            description =
                    "The most threads that run routes for events of upstreams. Each answer has one event in a route at a time.")
    private String threads = "20";

    private final ForwardRoutes routes = new ForwardRoutes();

    /** One way out for all endpoints that need the same: each has its own selector thread and connections. */
    private final Map<Dial.Settings, Dial> dials = new ConcurrentHashMap<>();

    // from start, or first use, to stop
    private @Nullable ExecutorService running;
    private @Nullable ExecutorService resolving;
    private @Nullable Exit exit;
    private @Nullable SSLContext trusted;

    static boolean isUrl(String target) {
        return target.matches("(?i)https?://.+");
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        HttpsProxyEndpoint endpoint = new HttpsProxyEndpoint(Remotes.shown(uri), this, remaining);
        if (!isUrl(remaining)) {
            if (!remaining.matches("[A-Za-z0-9_-]{1,64}")) {
                throw new IllegalArgumentException("https-proxy:" + remaining
                        + ": give an https:// URL to post to, or a name of letters, digits, - and _ to forward from");
            }
            endpoint.setUpstreamHeaders(PropertiesHelper.extractProperties(parameters, "header."));
            setProperties(endpoint, parameters);
            return endpoint;
        }
        setProperties(endpoint, parameters);
        endpoint.setUrl(target(remaining, parameters));
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

    Dial dial(@Nullable ProxyAddress proxy, Duration connectTimeout) {
        return dials.computeIfAbsent(new Dial.Settings(proxy, trust(), connectTimeout), Dial::new);
    }

    /** The certificates to trust; null: the JVM's. One and the same object for all that ask. */
    @Nullable
    synchronized SSLContext trust() {
        if (trusted != null) {
            return trusted;
        }
        SSLContextParameters ssl = global();
        try {
            trusted = ssl == null ? null : ssl.createSSLContext(getCamelContext());
            return trusted;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("https-proxy: camel.ssl.* cannot be used: " + e.getMessage(), e);
        }
    }

    // ---- forwarding ----

    ForwardRoutes routes() {
        return routes;
    }

    /** The proxy to go through: the route's own, or the exit that looks at addresses; null: none. */
    synchronized @Nullable ProxyAddress way(ForwardPlan plan) {
        if (plan.way().proxy() != null || plan.allowPrivate()) {
            return plan.way().proxy();
        }
        Exit opened = exit;
        if (opened == null) {
            ExecutorService names = executors().newCachedThreadPool(this, "https-proxy-names");
            opened = new Exit(InetAddress::getAllByName, AddressRule.PUBLIC, names);
            resolving = names;
            exit = opened;
        }
        URI upstream = plan.upstream();
        opened.allow(upstream.getHost(), upstream.getPort() < 0 ? 443 : upstream.getPort());
        return opened.address();
    }

    /** Runs a step of a forwarded answer on a thread that may block. There are never more tasks than answers. */
    void execute(Runnable task) {
        Objects.requireNonNull(running, "not started").execute(task);
    }

    private ExecutorServiceManager executors() {
        return getCamelContext().getExecutorServiceManager();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        OptionReader reader = new OptionReader(PROPERTIES);
        int most = reader.number("threads", threads, 1, 10_000);
        reader.check();
        running = executors().newThreadPool(this, "https-proxy-events", profile(most));
    }

    @Override
    protected synchronized void doStop() throws Exception {
        dials.clear();
        if (exit != null) {
            exit.close();
        }
        if (resolving != null) {
            executors().shutdownNow(resolving);
        }
        if (running != null) {
            executors().shutdownNow(running);
        }
        exit = null;
        trusted = null;
        resolving = null;
        running = null;
        super.doStop();
    }

    /** As good as unbounded, because there are never more tasks than answers; Camel's default would run what is too much on the caller's thread. */
    private static ThreadPoolProfile profile(int threads) {
        ThreadPoolProfile profile = new ThreadPoolProfile("https-proxy-events");
        profile.setPoolSize(threads);
        profile.setMaxPoolSize(threads);
        profile.setMaxQueueSize(Integer.MAX_VALUE); // less than 1 would mean none
        profile.setKeepAliveTime(60L);
        profile.setTimeUnit(TimeUnit.SECONDS);
        profile.setAllowCoreThreadTimeOut(true);
        profile.setRejectedPolicy(ThreadPoolRejectedPolicy.Abort);
        return profile;
    }

    public String getThreads() {
        return threads;
    }

    public void setThreads(String threads) {
        this.threads = threads;
    }
}
