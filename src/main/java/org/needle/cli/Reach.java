package org.needle.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.needle.client.Dial;
import org.needle.client.ProxyAddress;
import org.needle.client.Times;
import org.needle.hub.SystemClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How a command that is a client gets to the gateway. */
@Command
final class Reach {
    static final Times TIMES = new Times() {
        @Override
        public long steady() {
            return SystemClock.nanos() / 1_000_000;
        }

        @Override
        public long wall() {
            return SystemClock.millis();
        }
    };

    @Option(
            names = "--proxy",
            paramLabel = "URL",
            description = "An explicit proxy, http://host:port or http://user:password@host:port.")
    private @Nullable String proxy;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description =
                    "Certificates (PEM) to trust instead of the usual ones, as a gateway's state/development.pem.")
    private @Nullable Path ca;

    Dial.Settings settings(Terminal terminal) {
        return new Dial.Settings(proxy(terminal), ca == null ? null : trust(terminal, ca), Duration.ofSeconds(10));
    }

    private @Nullable ProxyAddress proxy(Terminal terminal) {
        try {
            return proxy == null ? null : ProxyAddress.of(proxy);
        } catch (IllegalArgumentException e) {
            throw terminal.wrong("--proxy: " + e.getMessage());
        }
    }

    private static SSLContext trust(Terminal terminal, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + number++, each);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw terminal.wrong("--ca=" + file + ": not a file with certificates");
        }
    }

    /** What to look at when a gateway has answered so; behind its own words. */
    static String remedy(int status) {
        return switch (status) {
            case 401 -> " (NEEDLE_TOKEN)";
            case 403 -> " (NEEDLE_TOKEN, --topic)";
            default -> "";
        };
    }

    /** The gateway that {@code url} is at, without path. */
    static URI gateway(Terminal terminal, URI url) {
        if (!("http".equals(url.getScheme()) || "https".equals(url.getScheme())) || url.getHost() == null) {
            throw terminal.wrong("URL begins with http:// or https:// and a host, not " + url.getScheme() + "://…");
        }
        if (url.getRawUserInfo() != null) {
            throw terminal.wrong("URL has no user: a token goes into NEEDLE_TOKEN");
        }
        return URI.create(url.getScheme() + "://" + url.getRawAuthority());
    }
}
