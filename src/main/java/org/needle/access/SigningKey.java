package org.needle.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A key that signs tokens for development: an HMAC secret, or a private key in PEM (PKCS #8). Immutable. */
public final class SigningKey {
    private static final int SECRET_BYTES = 32;
    private static final int RSA_BITS = 2048;
    private static final String PRIVATE = "-----BEGIN PRIVATE KEY-----";

    private final JWSSigner signer;

    private SigningKey(JWSSigner signer) {
        this.signer = signer;
    }

    /**
     * What a token says.
     *
     * @param issued ms since 1970
     * @param expires ms since 1970
     */
    public record Claims(
            String subject,
            List<String> subscribe,
            List<String> publish,
            @Nullable String issuer,
            @Nullable String audience,
            long issued,
            long expires) {}

    /** @throws IllegalArgumentException if there is no such key in the file, in words that hold nothing of it */
    public static SigningKey read(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        String text = new String(content, StandardCharsets.ISO_8859_1);
        try {
            if (!text.contains("-----BEGIN ")) {
                byte[] secret = KeyFormats.secret(content);
                VerifyingKey.of(null, null, secret); // long enough
                return new SigningKey(new MACSigner(secret));
            }
            int start = text.indexOf(PRIVATE);
            int end = text.indexOf("-----END PRIVATE KEY-----");
            if (start < 0 || end < start) {
                throw new IllegalArgumentException("holds no PRIVATE KEY in PEM (PKCS #8)");
            }
            return of(Base64.getMimeDecoder().decode(text.substring(start + PRIVATE.length(), end)));
        } catch (JOSEException e) {
            throw new IllegalArgumentException("holds a key that cannot sign", e);
        }
    }

    private static SigningKey of(byte[] der) throws JOSEException {
        for (String type : KeyFormats.TYPES) {
            try {
                PrivateKey key = KeyFactory.getInstance(type).generatePrivate(new PKCS8EncodedKeySpec(der));
                return new SigningKey(
                        key instanceof ECPrivateKey ec
                                ? new ECDSASigner(ec)
                                : type.equals("RSA") ? new RSASSASigner(key) : new Ed25519.Signer(key));
            } catch (GeneralSecurityException e) {
                // it may be of the next type
            }
        }
        throw new IllegalArgumentException("holds no key of type RSA, EC or Ed25519");
    }

    /**
     * Writes a new key that only its owner may read; unless it is a secret, beside it its public half in a file that ends in
     * {@code .pub}.
     *
     * @param algorithm one of {@link Tokens#ALGORITHMS}
     * @throws java.nio.file.FileAlreadyExistsException if one of the files is there
     */
    public static void generate(Path file, String algorithm) throws IOException {
        if (algorithm.startsWith("HS")) {
            byte[] secret = new byte[Math.max(SECRET_BYTES, Integer.parseInt(algorithm.substring(2)) / 8)];
            new SecureRandom().nextBytes(secret);
            write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\n");
            return;
        }
        KeyPair pair = pair(algorithm);
        write(file, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        Files.writeString(
                file.resolveSibling(file.getFileName() + ".pub"),
                pem("PUBLIC KEY", pair.getPublic().getEncoded()),
                StandardOpenOption.CREATE_NEW);
    }

    private static KeyPair pair(String algorithm) {
        try {
            boolean rsa = algorithm.startsWith("RS") || algorithm.startsWith("PS");
            boolean ec = algorithm.startsWith("ES");
            KeyPairGenerator generator = KeyPairGenerator.getInstance(rsa ? "RSA" : ec ? "EC" : "Ed25519");
            if (rsa) {
                generator.initialize(RSA_BITS);
            } else if (ec) {
                generator.initialize(algorithm.equals("ES512") ? 521 : Integer.parseInt(algorithm.substring(2)));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has these keys", e);
        }
    }

    private static void write(Path file, String secret) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, secret);
        } else {
            Files.writeString(file, secret, StandardOpenOption.CREATE_NEW);
        }
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    /**
     * A signed token.
     *
     * @param algorithm null: the first of {@link Tokens#ALGORITHMS} that the key is for
     * @throws IllegalArgumentException if the key is not for that algorithm
     */
    public String sign(Claims claims, @Nullable String algorithm) {
        JWSAlgorithm chosen = Tokens.ALGORITHMS.stream()
                .filter(name -> algorithm == null || algorithm.equals(name))
                .map(JWSAlgorithm::parse)
                .filter(signer.supportedJWSAlgorithms()::contains)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is not for " + algorithm));
        Map<String, Object> granted = new LinkedHashMap<>();
        granted.put("subscribe", claims.subscribe());
        granted.put("publish", claims.publish());
        SignedJWT jwt = new SignedJWT(
                new JWSHeader(chosen),
                new JWTClaimsSet.Builder()
                        .subject(claims.subject())
                        .issuer(claims.issuer())
                        .audience(claims.audience())
                        .issueTime(Date.from(Instant.ofEpochMilli(claims.issued())))
                        .expirationTime(Date.from(Instant.ofEpochMilli(claims.expires())))
                        .claim(Tokens.CLAIM, granted)
                        .build());
        try {
            jwt.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("cannot sign", e);
        }
        return jwt.serialize();
    }
}
