package org.needle.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to keys: PEM, a secret, or a JWK set. What is thrown is in our own words and holds nothing of the input, because it is
 * logged. Pure functions.
 */
final class KeyFormats {
    private static final int MAX_KEYS = 100;
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    static final List<String> TYPES = List.of("RSA", "EC", "Ed25519");
    /** What comes before the 32 bytes of an Ed25519 key in its X.509 form (RFC 8410, 4). */
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    private KeyFormats() {}

    /** A file with public keys or certificates in PEM, or with an HMAC secret. @throws IllegalArgumentException */
    static List<VerifyingKey> keyFile(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        if (!text.contains("-----BEGIN ")) {
            return List.of(VerifyingKey.of(null, null, secret(content)));
        }
        List<VerifyingKey> keys = new ArrayList<>();
        Matcher block = PEM.matcher(text);
        while (block.find()) {
            keys.add(VerifyingKey.of(null, null, publicKey(block.group(1), decoded(block.group(2)))));
        }
        return atLeastOne(keys);
    }

    /** A text's line end does not belong to the secret: editors and {@code openssl rand -base64 32} add one. */
    static byte[] secret(byte[] content) {
        int end = content.length;
        while (end > 0 && (content[end - 1] == '\n' || content[end - 1] == '\r')) {
            end--;
        }
        byte[] text = Arrays.copyOf(content, end);
        for (byte b : text) {
            if (b < ' ' || b > '~') {
                return content;
            }
        }
        return text;
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("holds PEM that is damaged", e);
        }
    }

    private static PublicKey publicKey(String label, byte[] der) {
        if (label.contains("PRIVATE")) {
            throw new IllegalArgumentException(
                    "holds a private key: the gateway needs, and should have, only its public half");
        }
        if (label.equals("CERTIFICATE")) {
            try {
                return CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(der))
                        .getPublicKey();
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("holds a damaged certificate", e);
            }
        }
        return publicKey(der);
    }

    private static PublicKey publicKey(byte[] der) {
        for (String type : TYPES) {
            try {
                return KeyFactory.getInstance(type).generatePublic(new X509EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                // it may be of the next type
            }
        }
        throw new IllegalArgumentException("holds no public key of type RSA, EC or Ed25519 (PEM label PUBLIC KEY)");
    }

    /**
     * A JWK set. Keys for other purposes and of unknown types are passed over.
     *
     * @param secrets whether symmetric keys are taken: from a file, and never from the network
     * @throws IllegalArgumentException if nothing can be made of it
     */
    static List<VerifyingKey> jwks(byte[] content, boolean secrets) {
        List<VerifyingKey> keys = new ArrayList<>();
        try {
            StrictJson.check(content);
            for (JWK jwk :
                    JWKSet.parse(new String(content, StandardCharsets.UTF_8)).getKeys()) {
                VerifyingKey key = verifies(jwk) ? key(jwk, secrets) : null;
                if (key != null) {
                    keys.add(key);
                }
            }
        } catch (ParseException | JOSEException e) {
            throw new IllegalArgumentException("is no JWK set", e);
        }
        return atLeastOne(keys);
    }

    private static boolean verifies(JWK jwk) {
        return (jwk.getKeyUse() == null || jwk.getKeyUse().equals(KeyUse.SIGNATURE))
                && (jwk.getKeyOperations() == null || jwk.getKeyOperations().contains(KeyOperation.VERIFY));
    }

    private static @Nullable VerifyingKey key(JWK jwk, boolean secrets) throws JOSEException {
        PublicKey key = null;
        if (jwk instanceof RSAKey rsa) {
            key = rsa.toPublicKey();
        } else if (jwk instanceof ECKey ec && !ec.getCurve().equals(Curve.SECP256K1)) {
            key = ec.toPublicKey();
        } else if (jwk instanceof OctetKeyPair pair && pair.getCurve().equals(Curve.Ed25519)) {
            byte[] x = pair.getDecodedX();
            byte[] der = Arrays.copyOf(ED25519, ED25519.length + x.length);
            System.arraycopy(x, 0, der, ED25519.length, x.length);
            key = publicKey(der);
        } else if (jwk instanceof OctetSequenceKey secret && secrets) {
            return VerifyingKey.of(jwk.getKeyID(), jwk.getAlgorithm(), secret.toByteArray());
        }
        return key == null ? null : VerifyingKey.of(jwk.getKeyID(), jwk.getAlgorithm(), key);
    }

    private static List<VerifyingKey> atLeastOne(List<VerifyingKey> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("holds no key that tokens can be verified with");
        }
        if (keys.size() > MAX_KEYS) {
            throw new IllegalArgumentException("holds more than " + MAX_KEYS + " keys");
        }
        return List.copyOf(keys);
    }
}
