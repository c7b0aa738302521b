package org.needle.client;

import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The way out: HTTP/1.1, HTTP/2 over TLS and WebSocket, directly or through an explicit proxy, by CONNECT for https, ws and wss
 * and in absolute form for http. Redirects are never followed. Callable from any thread; whatever fails does so with a
 * {@link DialException}.
 */
public final class Dial {
    private static final String TUNNEL_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

    /** Whether the JVM was started with this, so that it is known to be in force. */
    private static final boolean TOLD_AT_START = allowCredentialsInTunnels();

    /**
     * How to get out.
     *
     * @param proxy null: what the JVM has been told (as {@code -Dhttps.proxyHost}), as a rule no proxy
     * @param trust null: the JVM's certificates
     */
    public record Settings(@Nullable ProxyAddress proxy, @Nullable SSLContext trust, Duration connectTimeout) {
        public static final Settings DIRECT = new Settings(null, null, Duration.ofSeconds(10));
    }

    private final Settings settings;
    private volatile HttpClient client;

    public Dial(Settings settings) {
        this.settings = settings;
        this.client = connect();
    }

    /**
     * Lets the JDK's HTTP client send a proxy's credentials with CONNECT, which it keeps back unless this property says
     * otherwise; it looks once, when it is first used. Programs call this before anything else; it is done here at the latest.
     *
     * @return whether the JVM was told before
     */
    public static boolean allowCredentialsInTunnels() {
        String told = System.getProperty(TUNNEL_SCHEMES);
        if (told == null) {
            System.setProperty(TUNNEL_SCHEMES, "");
        }
        return "".equals(told);
    }

    private HttpClient connect() {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(settings.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER);
        if (settings.proxy() != null) {
            builder.proxy(ProxySelector.of(settings.proxy().address()));
        }
        if (settings.trust() != null) {
            builder.sslContext(settings.trust());
        }
        return builder.build();
    }

    /** Leaves all connections behind: what is under way goes on, what is new gets one of its own. For those that have gone silent. */
    public void renew() {
        client = connect();
    }

    /** A request to {@code uri}, which {@link #send} may be given; plain http is asked in HTTP/1.1, without an upgrade. */
    public HttpRequest.Builder request(URI uri) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if ("http".equalsIgnoreCase(uri.getScheme())) {
            request.version(HttpClient.Version.HTTP_1_1);
        }
        String authorization = authorization();
        if (authorization != null) {
            request.setHeader("Proxy-Authorization", authorization);
        }
        return request;
    }

    DialException fault(URI uri, Throwable failure) {
        return new Faults(uri, settings.proxy(), TOLD_AT_START).of(failure);
    }

    static void check(Map<String, List<String>> headers) {
        headers.forEach((name, values) -> values.forEach(value -> {
            try {
                HttpRequest.newBuilder().header(name, value);
            } catch (IllegalArgumentException e) { // whose text repeats the value
                throw new IllegalArgumentException("the header " + name + " cannot be set, or not to this value");
            }
        }));
    }

    /** How a place is named in logs: without query and user, which may hold a secret. */
    String name(URI uri) {
        return new Faults(uri, settings.proxy(), TOLD_AT_START).name();
    }

    private @Nullable String authorization() {
        ProxyAddress proxy = settings.proxy();
        return proxy == null ? null : proxy.authorization();
    }

    /**
     * Sends; every status but 407, which is {@link Fault#PROXY_AUTH}, is an answer. Cancelling the future ends the request, and its connection
     * if that can carry no other. The JDK's threads complete it: do not keep them.
     */
    public <T> CompletableFuture<HttpResponse<T>> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        Faults faults = new Faults(request.uri(), settings.proxy(), TOLD_AT_START);
        CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, handler);
        CompletableFuture<HttpResponse<T>> result = answer.handle((response, failure) -> {
            if (failure != null) {
                throw new CompletionException(faults.of(failure));
            }
            if (response.statusCode() == Faults.PROXY_AUTH) {
                throw new CompletionException(faults.unauthorized(response));
            }
            return response;
        });
        result.whenComplete((response, failure) -> answer.cancel(true));
        return result;
    }

    /**
     * Opens a WebSocket. Everything but 101 fails: {@link Fault#ANSWERED} with the status, or what stands in the way.
     *
     * @throws IllegalArgumentException if a header or subprotocol is none
     */
    public CompletableFuture<ClientSocket> open(SocketAsk ask, SocketReader reader) {
        WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(ask.timeout());
        ask.headers().forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        String authorization = authorization();
        if (authorization != null) {
            builder.header("Proxy-Authorization", authorization);
        }
        if (!ask.protocols().isEmpty()) {
            builder.subprotocols(
                    ask.protocols().get(0),
                    ask.protocols().subList(1, ask.protocols().size()).toArray(String[]::new));
        }
        Faults faults = new Faults(ask.uri(), settings.proxy(), TOLD_AT_START);
        ClientSocket socket = new ClientSocket(faults, ask, reader);
        CompletableFuture<WebSocket> opening = builder.buildAsync(ask.uri(), socket.listener());
        CompletableFuture<ClientSocket> result = opening.handle((open, failure) -> {
            if (failure != null) {
                throw new CompletionException(faults.of(failure));
            }
            return socket;
        });
        result.whenComplete((open, failure) -> {
            if (result.isCancelled()) {
                opening.whenComplete((late, never) -> socket.abort());
                opening.cancel(true);
            }
        });
        return result;
    }
}
