package org.needle.lab;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A test authority and a certificate that it has signed, made by {@code keytool} when they are first needed. */
final class LabKeys {
    private static final char[] PASSWORD = "hostile".toCharArray();
    private static final String AUTHORITY = "authority";
    private static final String OWN = "lab";
    private static final int SECONDS = 60;

    private static @Nullable Path temporary;

    private final KeyStore store;

    private LabKeys(KeyStore store) {
        this.store = store;
    }

    /** One at a time: labs that open beside each other make them once. */
    static synchronized LabKeys in(@Nullable Path wanted) throws IOException {
        Path folder = wanted == null ? temporary() : Files.createDirectories(wanted);
        Path file = folder.resolve("lab.p12");
        if (!Files.exists(file)) {
            make(folder, file);
        }
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD);
            return new LabKeys(store);
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " cannot be read", e);
        }
    }

    private static Path temporary() throws IOException {
        Path folder = temporary;
        if (folder == null) {
            folder = Files.createTempDirectory("needle-lab");
            folder.toFile().deleteOnExit();
            temporary = folder;
        }
        return folder;
    }

    private static void make(Path folder, Path file) throws IOException {
        Path fresh = Files.createTempDirectory(folder, "making").resolve("lab.p12");
        keytool(fresh, AUTHORITY, List.of("-dname", "CN=Needle lab", "-ext", "bc:c", "-ext", "ku:c=keyCertSign"));
        String names = "san=dns:localhost,dns:needle.test,dns:*.needle.test,ip:127.0.0.1,ip:::1";
        keytool(
                fresh,
                OWN,
                List.of("-dname", "CN=localhost", "-signer", AUTHORITY, "-ext", names, "-ext", "eku=serverAuth"));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(fresh.getParent());
        file.toFile().deleteOnExit();
    }

    private static void keytool(Path file, String alias, List<String> more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "365",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD)));
        command.addAll(more);
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            keytool.getOutputStream().close();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!keytool.waitFor(SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IOException("keytool could not make the lab's certificate: " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the lab's certificate was made", e);
        } finally {
            keytool.destroy();
        }
    }

    /** What clients are served with, by HTTP/2 or HTTP/1.1 as they like. */
    SslContext server() throws IOException {
        try {
            X509Certificate[] chain = Arrays.stream(store.getCertificateChain(OWN))
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
            PrivateKey key = (PrivateKey) store.getKey(OWN, PASSWORD);
            return SslContextBuilder.forServer(key, chain)
                    .sslProvider(SslProvider.JDK)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2,
                            ApplicationProtocolNames.HTTP_1_1))
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IOException("the lab's certificate is of no use", e);
        }
    }

    /** For the way to the target, whoever it is. */
    static SslContext trusting() throws IOException {
        return SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .build();
    }

    String authority() {
        try {
            Certificate certificate = store.getCertificate(AUTHORITY);
            String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
            return "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
