package org.needle.access;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.impl.EdDSAProvider;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** EdDSA as the JDK has it (RFC 8037); the JOSE library would bring another implementation along. Callable from any thread. */
final class Ed25519 {
    private static final String NAME = "Ed25519";

    private Ed25519() {}

    static final class Verifier extends EdDSAProvider implements JWSVerifier {
        private final PublicKey key;

        Verifier(PublicKey key) {
            this.key = key;
        }

        @Override
        public boolean verify(JWSHeader header, byte[] input, Base64URL signature) {
            try {
                Signature check = Signature.getInstance(NAME);
                check.initVerify(key);
                check.update(input);
                return check.verify(signature.decode());
            } catch (GeneralSecurityException e) {
                return false;
            }
        }
    }

    static final class Signer extends EdDSAProvider implements JWSSigner {
        private final PrivateKey key;

        Signer(PrivateKey key) {
            this.key = key;
        }

        @Override
        public Base64URL sign(JWSHeader header, byte[] input) {
            try {
                Signature signature = Signature.getInstance(NAME);
                signature.initSign(key);
                signature.update(input);
                return Base64URL.encode(signature.sign());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has " + NAME, e);
            }
        }
    }
}
