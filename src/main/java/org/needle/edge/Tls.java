package org.needle.edge;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What new connections to the TLS port are greeted with. A changed file is read within a second or so; connections that are
 * open keep what they began with. Read from event loops, refreshed by one thread.
 */
final class Tls {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private final EdgeSettings.Tls settings;
    private final LongAdder failures = new LongAdder();
    private final FutureTask<SslContext> first = new FutureTask<>(this::read);
    private volatile @Nullable SslContext current;
    private volatile String trouble = "";

    /** What was there when the files were last read. Refreshing thread only. */
    private List<String> seen = List.of();

    Tls(EdgeSettings.Tls settings) {
        this.settings = settings;
    }

    /** Reads the files on a thread of its own: it takes up to a second of a gateway's start, which has other things to do. */
    void begin() {
        seen = stamps();
        Thread reader = new Thread(first, "push-tls");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Waits until what {@link #begin} reads is there.
     *
     * @throws IOException with a message for a user if there is nothing to begin with
     */
    void start() throws IOException {
        try {
            current = first.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GeneralSecurityException) {
                throw new IOException(
                        "the certificate or key of the TLS port is of no use: "
                                + e.getCause().getMessage(),
                        e.getCause());
            }
            throw e.getCause() instanceof IOException ? (IOException) e.getCause() : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the certificate of the TLS port was read", e);
        }
    }

    /** Takes changed files; broken ones are told of once, and the old certificate stays. */
    void refresh() {
        if (current == null) {
            return;
        }
        List<String> now = stamps();
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            current = read();
            trouble = "";
            LOG.info("The certificate of the TLS port has been replaced");
        } catch (IOException | GeneralSecurityException e) {
            failures.increment();
            trouble = "the new certificate is of no use, the old one stays: " + e.getMessage();
            LOG.warn("TLS port: {}", trouble);
        }
    }

    SslContext context() {
        SslContext greeted = current;
        if (greeted == null) {
            throw new IllegalStateException("not started");
        }
        return greeted;
    }

    /** One line about what is wrong, or an empty string. */
    String trouble() {
        return trouble;
    }

    LongAdder failures() {
        return failures;
    }

    private SslContext read() throws IOException, GeneralSecurityException {
        return new JdkSslContext(
                settings.keys().load(),
                false,
                CIPHERS,
                SupportedCipherSuiteFilter.INSTANCE,
                new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2,
                        ApplicationProtocolNames.HTTP_1_1),
                switch (settings.clients()) {
                    case NONE -> io.netty.handler.ssl.ClientAuth.NONE;
                    case OPTIONAL -> io.netty.handler.ssl.ClientAuth.OPTIONAL;
                    case REQUIRED -> io.netty.handler.ssl.ClientAuth.REQUIRE;
                },
                PROTOCOLS,
                false);
    }

    private List<String> stamps() {
        List<String> stamps = new ArrayList<>();
        for (Path file : settings.keys().files()) {
            try {
                stamps.add(Files.getLastModifiedTime(file) + " " + Files.size(file));
            } catch (IOException e) {
                stamps.add("gone");
            }
        }
        return stamps;
    }
}
