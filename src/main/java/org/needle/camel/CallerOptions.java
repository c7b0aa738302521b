package org.needle.camel;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.needle.access.Access;
import org.needle.edge.EdgeSettings;
import org.needle.edge.Origins;
import org.needle.edge.Proxies;

/** Who may come to the public port, and with how much: the options of {@code push} about callers. */
@UriParams
public class CallerOptions extends TlsOptions {
    private static final int MANY = Integer.MAX_VALUE;
    private static final int FAST = 1_000_000;

    @UriParam(
            label = "security",
            description =
                    "The origins, besides the gateway's own, whose pages may use the public port, as https://app.example, with"
                            + " commas between them; or file:PATH, a file with one in each line, read again when it changes.")
    private String origins = "";

    @UriParam(
            label = "security",
            description =
                    "The addresses of proxies that are believed in X-Forwarded-For, -Proto and -Host, as 10.0.0.0/8, with"
                            + " commas between them.")
    private String trustedProxies = "";

    @UriParam(
            label = "security",
            defaultValue = "false",
            enums = "true,false",
            description = "Whether every connection comes from a trusted proxy and begins with the PROXY protocol,"
                    + " version 1 or 2; others are closed.")
    private String proxyProtocol = "false";

    @UriParam(
            label = "security",
            defaultValue = "1000",
            description = "The most open connections from one address; one more is closed at once.")
    private String maxConnectionsPerAddress = "1000";

    @UriParam(
            label = "security",
            defaultValue = "1000",
            description = "The most sessions from one address; one more is answered 429.")
    private String maxSessionsPerAddress = "1000";

    @UriParam(
            label = "security",
            defaultValue = "50",
            description =
                    "The most messages in a second from one session, or from one address without a session, and twice as"
                            + " many at once; more is answered 429. 0: any.")
    private String publishRate = "50";

    @UriParam(
            label = "security",
            defaultValue = "20",
            description =
                    "The most receipts in a second from one session, and twice as many at once; more is answered 429. 0: any.")
    private String receiptsRate = "20";

    static EdgeSettings.Callers read(CallerOptions options, Access access, OptionReader reader) {
        Proxies proxies = Proxies.NONE;
        try {
            proxies = Proxies.of(list(options.getTrustedProxies()));
        } catch (IllegalArgumentException e) {
            reader.wrong("trustedProxies", options.getTrustedProxies(), String.valueOf(e.getMessage()));
        }
        boolean announced = reader.flag("proxyProtocol", options.getProxyProtocol());
        if (announced && options.getTrustedProxies().isBlank()) {
            reader.wrong("proxyProtocol", "true", "nobody may speak it: name the proxies in trusted-proxies");
        }
        Origins origins = Origins.NONE;
        try {
            origins = Origins.of(options.getOrigins().trim(), proxies);
        } catch (IllegalArgumentException e) {
            reader.wrong("origins", options.getOrigins(), String.valueOf(e.getMessage()));
        }
        return new EdgeSettings.Callers(access, origins, proxies, announced, shares(options, reader));
    }

    private static EdgeSettings.Shares shares(CallerOptions options, OptionReader reader) {
        return new EdgeSettings.Shares(
                reader.number("maxConnectionsPerAddress", options.getMaxConnectionsPerAddress(), 1, MANY),
                reader.number("maxSessionsPerAddress", options.getMaxSessionsPerAddress(), 1, MANY),
                reader.number("publishRate", options.getPublishRate(), 0, FAST),
                reader.number("receiptsRate", options.getReceiptsRate(), 0, FAST));
    }

    private static List<String> list(String text) {
        List<String> parts = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                parts.add(part.trim());
            }
        }
        return parts;
    }

    public String getOrigins() {
        return origins;
    }

    public void setOrigins(String origins) {
        this.origins = origins;
    }

    public String getTrustedProxies() {
        return trustedProxies;
    }

    public void setTrustedProxies(String trustedProxies) {
        this.trustedProxies = trustedProxies;
    }

    public String getProxyProtocol() {
        return proxyProtocol;
    }

    public void setProxyProtocol(String proxyProtocol) {
        this.proxyProtocol = proxyProtocol;
    }

    public String getMaxConnectionsPerAddress() {
        return maxConnectionsPerAddress;
    }

    public void setMaxConnectionsPerAddress(String maxConnectionsPerAddress) {
        this.maxConnectionsPerAddress = maxConnectionsPerAddress;
    }

    public String getMaxSessionsPerAddress() {
        return maxSessionsPerAddress;
    }

    public void setMaxSessionsPerAddress(String maxSessionsPerAddress) {
        this.maxSessionsPerAddress = maxSessionsPerAddress;
    }

    public String getPublishRate() {
        return publishRate;
    }

    public void setPublishRate(String publishRate) {
        this.publishRate = publishRate;
    }

    public String getReceiptsRate() {
        return receiptsRate;
    }

    public void setReceiptsRate(String receiptsRate) {
        this.receiptsRate = receiptsRate;
    }
}
