package org.needle.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.needle.Secrets;
import org.needle.edge.DevelopmentKeys;
import org.needle.edge.PemKeys;

/** Certificates for tests, and clients that believe any of them. Each instance is another certificate. */
public final class TestKeys {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final char[] PASSWORD = "development".toCharArray();

    private final DevelopmentKeys made;
    private final KeyStore store;

    /** @param folder where it is kept */
    public TestKeys(Path folder) {
        Path own = folder.resolve("keys" + NUMBER.incrementAndGet());
        made = new DevelopmentKeys(own);
        try {
            made.load();
            store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(own.resolve("development.p12"))) {
                store.load(in, PASSWORD);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public DevelopmentKeys keys() {
        return made;
    }

    public X509Certificate certificate() {
        try {
            return (X509Certificate) store.getCertificate("needle");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes certificate and key in PEM to {@code folder}, over those that are there. */
    public PemKeys writeTo(Path folder) {
        try {
            Path certificate = folder.resolve("certificate.pem");
            Path key = folder.resolve("key.pem");
            Files.writeString(certificate, pem("CERTIFICATE", certificate().getEncoded()));
            Files.writeString(
                    key,
                    Secrets.made(
                            pem("PRIVATE KEY", store.getKey("needle", PASSWORD).getEncoded())));
            return new PemKeys(certificate, key, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String name, byte[] der) {
        return "-----BEGIN " + name + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + name + "-----\n";
    }

    /** Believes every certificate. */
    public static SSLContext trusting() {
        return context(null);
    }

    /** Believes every certificate and shows this one. */
    public SSLContext showing() {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            return context(keys.getKeyManagers());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SSLContext context(KeyManager @Nullable [] keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {new Everybody()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Everybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
