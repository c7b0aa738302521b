package org.needle.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An issuer that changes its one key, and the gateway's side of it. */
public final class KeySet {
    private final Mint mint = new Mint();
    private final Path file;
    private int number;
    private @Nullable Keys keys;

    /** @param file where the key set is published */
    public KeySet(Path file) {
        this.file = file;
    }

    /** Publishes another key and returns a token that it has signed and that lets subscribe to everything. */
    public String replace() {
        try {
            ECKey key = new ECKeyGenerator(Curve.P_256).keyID("key" + ++number).generate();
            Path fresh = Files.writeString(file.resolveSibling("fresh.json"), new JWKSet(key.toPublicJWK()).toString());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            mint.pass(2);
            if (keys != null) {
                keys.look();
            }
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                    .keyID(key.getKeyID())
                    .build();
            return Mint.sign(header, mint.claims("me", List.of("**"), List.of()), new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a gateway is told that takes the tokens; {@link #replace} once before. */
    public Access access() {
        Keys read = Keys.ofJwks("token-jwks", file.toString(), mint::now);
        keys = read;
        return new Access(mint.tokens(read), mint::now);
    }
}
