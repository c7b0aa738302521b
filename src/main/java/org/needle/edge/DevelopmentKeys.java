package org.needle.edge;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.needle.hub.SystemClock;

/**
 * A certificate for this machine that nobody has to believe, made when it is first needed and kept. It is made by the
 * {@code keytool} that comes with every Java: the platform has no other way, and a library for it would be larger than Netty.
 *
 * @param folder where it is kept
 */
public record DevelopmentKeys(Path folder) implements TlsKeys {
    private static final char[] PASSWORD = "development".toCharArray();
    private static final String ALIAS = "needle";
    private static final String DAYS = "365";
    private static final int SECONDS = 30;
    /** The password is no secret: thousands of rounds of it would guard nothing, and cost half a second at every start. */
    private static final List<String> FAST = List.of(
            "-J-XX:TieredStopAtLevel=1",
            "-J-Dkeystore.pkcs12.macIterationCount=1",
            "-J-Dkeystore.pkcs12.certPbeIterationCount=1",
            "-J-Dkeystore.pkcs12.keyPbeIterationCount=1");

    @Override
    public List<Path> files() {
        return List.of();
    }

    @Override
    public SSLContext load() throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore store = store();
        keys.init(store, PASSWORD);
        show(store.getCertificate(ALIAS));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** The certificate's SHA-256 fingerprint in the form that browsers show. */
    public String fingerprint() throws IOException, GeneralSecurityException {
        byte[] hash = MessageDigest.getInstance("SHA-256")
                .digest(store().getCertificate(ALIAS).getEncoded());
        return HexFormat.ofDelimiter(":").formatHex(hash).toUpperCase(Locale.ROOT);
    }

    /** Writes {@code development.pem}, for clients that are to believe it. */
    private void show(Certificate certificate) throws IOException, CertificateEncodingException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
        String pem = "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
        Path file = folder.resolve("development.pem");
        if (!Files.exists(file) || !Files.readString(file).equals(pem)) {
            Path fresh = Files.createTempFile(folder, "making", ".pem");
            Files.writeString(fresh, pem);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        Path file = folder.resolve("development.p12");
        if (!Files.exists(file)) {
            make(file);
        }
        KeyStore store = read(file);
        if (store.getCertificate(ALIAS) instanceof X509Certificate certificate
                && !certificate.getNotAfter().toInstant().isAfter(Instant.ofEpochMilli(SystemClock.millis()))) {
            make(file);
            store = read(file);
        }
        return store;
    }

    private static KeyStore read(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    /** Made under another name first: a process that dies in between leaves no half of it behind. */
    private void make(Path file) throws IOException {
        Files.createDirectories(folder);
        Path fresh = Files.createTempDirectory(folder, "making");
        Path made = fresh.resolve("development.p12");
        try {
            keytool(List.of(
                    "-genkeypair",
                    "-alias",
                    ALIAS,
                    "-keyalg",
                    "EC",
                    "-groupname",
                    "secp256r1",
                    "-validity",
                    DAYS,
                    "-dname",
                    "CN=localhost, O=Needle, OU=for development only",
                    "-ext",
                    "san=dns:localhost,ip:127.0.0.1,ip:::1",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    made.toString(),
                    "-storepass",
                    new String(PASSWORD)));
            if (Files.getFileStore(made).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
            }
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(made);
            Files.deleteIfExists(fresh);
        }
    }

    private static void keytool(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(FAST);
        command.addAll(arguments);
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            keytool.getOutputStream().close();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!keytool.waitFor(SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IOException("keytool could not make a certificate for development: " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a certificate for development was made", e);
        } finally {
            keytool.destroy();
        }
    }
}
