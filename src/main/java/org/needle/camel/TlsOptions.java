package org.needle.camel;

import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/** The TLS port and its certificate: the options of {@code push} about encryption. */
@UriParams
public class TlsOptions extends TimingOptions {
    @UriParam(
            label = "security",
            defaultValue = "8443",
            description =
                    "The public port that speaks TLS, with HTTP/1.1 and HTTP/2. 0: none. -1: any free one, which the log then names.")
    private String tlsPort = "8443";

    @UriParam(
            label = "security",
            description =
                    "The certificate, a PEM file: the server's own, then those that lead to the authority's. Read again when it changes. Without it the keystore of camel.ssl.* is taken, or else a certificate for development is made.")
    private @Nullable String tlsCertificate;

    @UriParam(label = "security", description = "The key of the certificate, a PEM file with PKCS #8.")
    private @Nullable String tlsKey;

    @UriParam(
            label = "security",
            defaultValue = "none",
            enums = "none,optional,required",
            description = "Whether clients must show a certificate.")
    private String tlsClientAuth = "none";

    @UriParam(label = "security", description = "The authorities whose client certificates are believed, a PEM file.")
    private @Nullable String tlsClientCa;

    @UriParam(
            label = "security",
            defaultValue = "state",
            description = "The folder for what is kept over a restart, as the certificate for development.")
    private String stateDir = "state";

    public String getTlsPort() {
        return tlsPort;
    }

    public void setTlsPort(String tlsPort) {
        this.tlsPort = tlsPort;
    }

    public @Nullable String getTlsCertificate() {
        return tlsCertificate;
    }

    public void setTlsCertificate(@Nullable String tlsCertificate) {
        this.tlsCertificate = tlsCertificate;
    }

    public @Nullable String getTlsKey() {
        return tlsKey;
    }

    public void setTlsKey(@Nullable String tlsKey) {
        this.tlsKey = tlsKey;
    }

    public String getTlsClientAuth() {
        return tlsClientAuth;
    }

    public void setTlsClientAuth(String tlsClientAuth) {
        this.tlsClientAuth = tlsClientAuth;
    }

    public @Nullable String getTlsClientCa() {
        return tlsClientCa;
    }

    public void setTlsClientCa(@Nullable String tlsClientCa) {
        this.tlsClientCa = tlsClientCa;
    }

    public String getStateDir() {
        return stateDir;
    }

    public void setStateDir(String stateDir) {
        this.stateDir = stateDir;
    }
}
