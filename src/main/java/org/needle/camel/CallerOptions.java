package org.needle.camel;

import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** Who may come to the public port, and with how much: the options of {@code push} about callers. */
@UriParams
public class CallerOptions extends TlsOptions {
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
            defaultValue = "1000",
            description =
                    "The most sessions of one token's subject, from all addresses together; one more is answered 429.")
    private String maxSessionsPerSubject = "1000";

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

    public String getMaxSessionsPerSubject() {
        return maxSessionsPerSubject;
    }

    public void setMaxSessionsPerSubject(String maxSessionsPerSubject) {
        this.maxSessionsPerSubject = maxSessionsPerSubject;
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
