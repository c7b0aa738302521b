package org.needle.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for 127.0.0.1 and localhost that nobody but these tests trusts, made once in a JVM, as PEM files. */
public final class SelfSigned {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final SelfSigned ONE = new SelfSigned();

    private final byte[] certificate;
    private final byte[] key;
    private final HttpClient client;

    private SelfSigned() {
        try {
            KeyStore store = make();
            Certificate own = store.getCertificate("needle");
            Key secret = store.getKey("needle", PASSWORD);
            certificate = pem("CERTIFICATE", own.getEncoded());
            key = pem("PRIVATE KEY", secret.getEncoded());
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(trusting(own))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore make() throws IOException, GeneralSecurityException {
        Path file = Files.createTempDirectory("needle-certificate").resolve("store.p12");
        try {
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias=needle",
                            "-keyalg=EC",
                            "-groupname=secp256r1",
                            "-dname=CN=localhost",
                            "-ext=san=dns:localhost,ip:127.0.0.1",
                            "-validity=30",
                            "-storetype=PKCS12",
                            "-storepass=" + new String(PASSWORD),
                            "-keystore=" + file)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IOException("keytool: " + output);
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, PASSWORD);
            }
            return store;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(file.getParent());
        }
    }

    private static byte[] pem(String what, byte[] bytes) throws IOException {
        ByteArrayOutputStream pem = new ByteArrayOutputStream();
        try (OutputStream out = pem) {
            out.write(("-----BEGIN " + what + "-----\n").getBytes(StandardCharsets.US_ASCII));
            out.write(Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(bytes));
            out.write(("\n-----END " + what + "-----\n").getBytes(StandardCharsets.US_ASCII));
        }
        return pem.toByteArray();
    }

    private static SSLContext trusting(Certificate certificate) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("needle", certificate);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    /** Speaks HTTP/1.1 and trusts the certificate. */
    public static HttpClient client() {
        return ONE.client;
    }

    /** Writes {@code cert.pem}, {@code key.pem} and {@code both.pem}. */
    public static void into(Path folder) {
        try {
            Files.write(folder.resolve("cert.pem"), ONE.certificate);
            Files.write(folder.resolve("key.pem"), ONE.key);
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes(ONE.certificate);
            both.writeBytes(ONE.key);
            Files.write(folder.resolve("both.pem"), both.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
