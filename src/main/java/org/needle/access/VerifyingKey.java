package org.needle.access;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key that tokens may be signed with. Which algorithms it verifies follows from its type and never from the token, so that no
 * public key can be taken for an HMAC secret. Immutable.
 *
 * @param id null: fits tokens whatever key they name
 * @param algorithm the only one the key is meant for, or null
 */
record VerifyingKey(@Nullable String id, @Nullable Algorithm algorithm, JWSVerifier verifier) {
    static final int MIN_SECRET_BYTES = 32;
    private static final int MIN_RSA_BITS = 2048;
    private static final Set<Integer> EC_BITS = Set.of(256, 384, 521);

    /** @throws IllegalArgumentException saying which keys are taken, without a word of this one */
    static VerifyingKey of(@Nullable String id, @Nullable Algorithm algorithm, PublicKey key) {
        try {
            if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= MIN_RSA_BITS) {
                return new VerifyingKey(id, algorithm, new RSASSAVerifier(rsa));
            }
            if (key instanceof ECPublicKey ec
                    && EC_BITS.contains(ec.getParams().getCurve().getField().getFieldSize())) {
                return new VerifyingKey(id, algorithm, new ECDSAVerifier(ec));
            }
        } catch (JOSEException e) {
            throw new IllegalArgumentException("holds an elliptic curve that is not supported", e);
        }
        if (key instanceof EdECPublicKey ed && ed.getParams().getName().equals("Ed25519")) {
            return new VerifyingKey(id, algorithm, new Ed25519.Verifier(key));
        }
        throw new IllegalArgumentException("holds a key that is not RSA of at least " + MIN_RSA_BITS
                + " bits, EC on P-256, P-384 or P-521, or Ed25519");
    }

    /** @throws IllegalArgumentException if the secret is too short */
    static VerifyingKey of(@Nullable String id, @Nullable Algorithm algorithm, byte[] secret) {
        if (secret.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "holds neither a PEM public key nor a secret of at least " + MIN_SECRET_BYTES + " bytes");
        }
        try {
            return new VerifyingKey(id, algorithm, new MACVerifier(secret));
        } catch (JOSEException e) {
            throw new IllegalArgumentException("holds a secret that cannot be used", e);
        }
    }

    /** Whether a token with that header may have been signed with this key. */
    boolean fits(JWSHeader header) {
        JWSAlgorithm wanted = header.getAlgorithm();
        return (id == null || header.getKeyID() == null || id.equals(header.getKeyID()))
                && (algorithm == null || algorithm.equals(wanted))
                && verifier.supportedJWSAlgorithms().contains(wanted);
    }
}
