package org.needle.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocketHandshakeException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Names what the JDK's HTTP client fails with on the way to one place. */
record Faults(URI target, @Nullable ProxyAddress proxy, boolean credentialsMayGo) {
    static final int PROXY_AUTH = 407;

    private static final Pattern TUNNEL = Pattern.compile("Tunnel failed, got: (\\d{3})");

    /** Without query and user, which may hold a secret. */
    String name() {
        String port = target.getPort() < 0 ? "" : ":" + target.getPort();
        return target.getScheme() + "://" + target.getHost() + port
                + (target.getRawPath() == null ? "" : target.getRawPath());
    }

    DialException of(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof DialException known ? known : named(cause);
    }

    private DialException named(Throwable cause) {
        if (cause instanceof WebSocketHandshakeException refused) {
            return answered(refused);
        }
        if (cause instanceof HttpTimeoutException) {
            return new DialException(Fault.TIMEOUT, to() + " did not answer in time", cause);
        }
        if (has(cause, SSLException.class)) {
            boolean unknown = has(cause, CertPathBuilderException.class);
            String why = unknown ? "its certificate is by nobody who is trusted here (--ca FILE)" : cause.getMessage();
            return new DialException(Fault.TLS, name() + ": " + why, cause);
        }
        if (has(cause, UnresolvedAddressException.class) || has(cause, UnknownHostException.class)) {
            return new DialException(Fault.UNRESOLVED, to() + ": no such host", cause);
        }
        if (cause instanceof ConnectException) {
            return new DialException(Fault.REFUSED, to() + ": no connection", cause);
        }
        Matcher tunnel = TUNNEL.matcher(String.valueOf(cause.getMessage()));
        if (cause instanceof IOException && tunnel.find()) {
            int status = Integer.parseInt(tunnel.group(1));
            String what = "the proxy " + proxy + " answered " + status + " to CONNECT for " + target.getHost();
            return new DialException(Fault.PROXY_REFUSED, status, what, cause);
        }
        return new DialException(Fault.CUT, to() + ": " + cause, cause);
    }

    private DialException answered(WebSocketHandshakeException refused) {
        HttpResponse<?> response = refused.getResponse();
        int status = response == null ? 0 : response.statusCode();
        if (response != null && status == PROXY_AUTH) {
            return new DialException(Fault.PROXY_AUTH, status, asked(response), refused);
        }
        String what = name() + " answered " + status + (status == 101 ? ", but no right WebSocket handshake" : "");
        return new DialException(Fault.ANSWERED, status, what, refused);
    }

    DialException unauthorized(HttpResponse<?> response) {
        return new DialException(Fault.PROXY_AUTH, PROXY_AUTH, asked(response), null);
    }

    private String asked(HttpResponse<?> response) {
        String schemes = response.headers().allValues("Proxy-Authenticate").stream()
                .map(challenge -> challenge.trim().split("\\s+", 2)[0].toLowerCase(Locale.ROOT))
                .filter(scheme -> scheme.matches("[a-z0-9-]{1,20}"))
                .distinct()
                .collect(Collectors.joining(", "));
        String wants = schemes.isEmpty() ? "" : " (it takes " + schemes + ")";
        if (proxy == null) {
            return "a proxy on the way to " + name() + " asks for credentials" + wants;
        }
        if (proxy.authorization() == null) {
            return "the proxy " + proxy + " asks for credentials" + wants;
        }
        String unsure = credentialsMayGo
                ? ""
                : "; or this JVM kept them back, because something used its HTTP client before: start it with"
                        + " -Djdk.http.auth.tunneling.disabledSchemes=";
        return "the proxy " + proxy + " does not take these credentials" + wants + unsure;
    }

    private String to() {
        return name() + (proxy == null ? "" : " through the proxy " + proxy);
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
