package org.needle.edge;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Certificate chain and key in PEM files, as certificate authorities and their clients write them.
 *
 * @param certificate the server's certificate, then those that lead to the authority's
 * @param key its key, PKCS #8 without password
 * @param clients the authorities whose client certificates are believed, or null
 */
public record PemKeys(Path certificate, Path key, @Nullable Path clients) implements TlsKeys {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final char[] NO_PASSWORD = {};

    @Override
    public List<Path> files() {
        return clients == null ? List.of(certificate, key) : List.of(certificate, key, clients);
    }

    @Override
    public SSLContext load() throws IOException, GeneralSecurityException {
        Certificate[] chain = certificates(certificate).toArray(new Certificate[0]);
        PrivateKey secret = key(chain[0].getPublicKey());
        KeyStore store = empty();
        store.setKeyEntry("needle", secret, NO_PASSWORD, chain);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                keys.getKeyManagers(), clients == null ? null : trust(clients).getTrustManagers(), null);
        return context;
    }

    private static TrustManagerFactory trust(Path authorities) throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        int number = 0;
        for (Certificate authority : certificates(authorities)) {
            store.setCertificateEntry("authority" + number++, authority);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static List<Certificate> certificates(Path file) throws IOException {
        try {
            Collection<? extends Certificate> read = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
            if (!read.isEmpty()) {
                return new ArrayList<>(read);
            }
        } catch (CertificateException e) {
            throw new IOException(file + " holds something that is no certificate", e);
        }
        throw new IOException(file + " holds no certificate in PEM format");
    }

    /** Certificate and key are renewed one after the other: until both are there they do not fit. */
    private PrivateKey key(PublicKey belongs) throws IOException, GeneralSecurityException {
        Matcher pem = KEY.matcher(Files.readString(key, StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw new IOException(
                    key + " holds no private key in PKCS #8: convert it with openssl pkcs8 -topk8 -nocrypt");
        }
        PrivateKey secret;
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(pem.group(1));
            secret = KeyFactory.getInstance(belongs.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(bytes));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("the key in " + key + " does not fit the certificate in " + certificate, e);
        }
        Signature signature = Signature.getInstance(algorithm(belongs));
        signature.initSign(secret);
        byte[] signed = signature.sign();
        signature.initVerify(belongs);
        if (!signature.verify(signed)) {
            throw new IOException("the key in " + key + " does not fit the certificate in " + certificate);
        }
        return secret;
    }

    private static String algorithm(PublicKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
    }
}
