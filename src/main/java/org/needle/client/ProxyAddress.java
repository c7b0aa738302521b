package org.needle.client;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** An explicit HTTP proxy, and who we are to it. Shows its credentials to nobody but the proxy. */
public final class ProxyAddress {
    private static final String FORM = "a proxy is written http://host:port or http://user:password@host:port,"
            + " with % escapes for what is special in a URL";

    private final String host;
    private final int port;
    private final @Nullable String credentials;

    private ProxyAddress(String host, int port, @Nullable String credentials) {
        this.host = host;
        this.port = port;
        this.credentials = credentials;
    }

    /** @throws IllegalArgumentException that says what is right, and does not repeat {@code text}: a password may be in it */
    public static ProxyAddress of(String text) {
        URI uri = parse(text.trim());
        String path = uri.getRawPath();
        boolean bare = (path == null || path.isEmpty() || path.equals("/"))
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null;
        if (!bare || !"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException(FORM);
        }
        if (uri.getPort() < 1 || uri.getPort() > 65_535) {
            throw new IllegalArgumentException(FORM + ": the port is missing or no port");
        }
        String user = uri.getUserInfo();
        if (user != null && user.indexOf(':') < 1) {
            throw new IllegalArgumentException(FORM + ": of user and password one is missing");
        }
        String name = uri.getHost().replaceAll("[\\[\\]]", "");
        return new ProxyAddress(name, uri.getPort(), user);
    }

    private static URI parse(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(FORM); // without the cause, which repeats the text
        }
    }

    InetSocketAddress address() {
        return InetSocketAddress.createUnresolved(host, port);
    }

    /** The value of {@code Proxy-Authorization} (RFC 7617), or null if we are nobody. */
    @Nullable
    String authorization() {
        return credentials == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ProxyAddress proxy
                && proxy.host.equals(host)
                && proxy.port == port
                && java.util.Objects.equals(proxy.credentials, credentials);
    }

    @Override
    public int hashCode() {
        return java.util.Objects.hash(host, port, credentials);
    }

    /** Without the credentials. */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
