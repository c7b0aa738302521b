package org.needle.camel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.jspecify.annotations.Nullable;
import org.needle.client.ProxyAddress;

/** How an endpoint gets to a server elsewhere. */
@UriParams
public class RemoteOptions {
    @UriParam(
            label = "proxy",
            secret = true,
            description =
                    "Remote servers: an HTTP proxy to go through, as http://host:port or http://user:password@host:port"
                            + " (RAW(...) around it if there are escapes in it): by CONNECT, or in absolute form for http."
                            + " By default what the JVM is told by its own properties.")
    private @Nullable String proxy;

    @UriParam(
            label = "security",
            prefix = "header.",
            multiValue = true,
            description =
                    "Remote servers: headers of the request, as header.Authorization=RAW(Bearer ...). They are never"
                            + " sent to another host.")
    private Map<String, Object> headers = new LinkedHashMap<>();

    @UriParam(
            defaultValue = "10s",
            javaType = "java.time.Duration",
            description = "Remote servers: how long connecting may take.")
    private String connectTimeout = "10s";

    @UriParam(
            label = "security",
            description =
                    "Remote servers: which certificates to trust and to show, instead of those of camel.ssl.* or the JVM.")
    private @Nullable SSLContextParameters sslContextParameters;

    /** @param reader is told if it is none, without the text: a password may be in it */
    @Nullable
    ProxyAddress proxyAddress(OptionReader reader) {
        try {
            return proxy == null || proxy.isBlank() ? null : ProxyAddress.of(proxy);
        } catch (IllegalArgumentException e) {
            reader.wrong("proxy", "", String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** Each header with its values. */
    Map<String, List<String>> headerValues() {
        Map<String, List<String>> values = new LinkedHashMap<>();
        headers.forEach((name, value) -> values.put(
                name,
                value instanceof List<?> several
                        ? several.stream().map(String::valueOf).toList()
                        : List.of(String.valueOf(value))));
        return values;
    }

    public @Nullable String getProxy() {
        return proxy;
    }

    public void setProxy(@Nullable String proxy) {
        this.proxy = proxy;
    }

    public Map<String, Object> getHeaders() {
        return headers;
    }

    public void setHeaders(Map<String, Object> headers) {
        this.headers = headers;
    }

    public String getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(String connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public @Nullable SSLContextParameters getSslContextParameters() {
        return sslContextParameters;
    }

    public void setSslContextParameters(@Nullable SSLContextParameters sslContextParameters) {
        this.sslContextParameters = sslContextParameters;
    }
}
