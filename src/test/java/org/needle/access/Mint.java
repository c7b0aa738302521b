package org.needle.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.needle.Secrets;

/** An issuer with an HMAC secret, whose clock the test turns, and the gateway's side of it. */
public final class Mint {
    public static final String ISSUER = "https://issuer.example";
    public static final String AUDIENCE = "needle";

    public static final String SECRET = Secrets.MARKER + ", an HMAC secret of fifty bytes and no less";

    private final AtomicLong skew = new AtomicLong();
    private final String secret;

    public Mint() {
        this(SECRET);
    }

    public Mint(String secret) {
        this.secret = secret;
    }

    public long now() {
        return System.currentTimeMillis() + skew.get();
    }

    public void pass(long seconds) {
        skew.addAndGet(seconds * 1000);
    }

    /** The claims of a token that is right, for an hour. */
    public JWTClaimsSet.Builder claims(String subject, List<String> subscribe, List<String> publish) {
        return new JWTClaimsSet.Builder()
                .subject(subject)
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .expirationTime(in(3600))
                .claim(Tokens.CLAIM, Map.of("subscribe", subscribe, "publish", publish));
    }

    public Date in(long seconds) {
        return Date.from(Instant.ofEpochMilli(now() + seconds * 1000));
    }

    public String token(JWTClaimsSet.Builder claims) {
        try {
            return sign(new JWSHeader(JWSAlgorithm.HS256), claims, new MACSigner(secret));
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** A token that is right and lets subscribe. */
    public String token(String subject, String... subscribe) {
        return token(claims(subject, List.of(subscribe), List.of()));
    }

    static String sign(JWSHeader header, JWTClaimsSet.Builder claims, JWSSigner signer) {
        try {
            SignedJWT jwt = new SignedJWT(header, claims.build());
            jwt.sign(signer);
            return Secrets.token(jwt.serialize());
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** Header and claims as they are written, rightly signed. */
    String raw(String header, String claims) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String input = base64.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        try {
            Base64URL signature = new MACSigner(secret)
                    .sign(new JWSHeader(JWSAlgorithm.HS256), input.getBytes(StandardCharsets.US_ASCII));
            return Secrets.token(input + "." + signature);
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    Tokens tokens(Keys keys, String... algorithms) {
        return new Tokens(keys, new Tokens.Rules(ISSUER, AUDIENCE, Set.of(algorithms)), this::now);
    }

    Keys keys() {
        try {
            Path file = Files.createTempFile("needle-secret", ".txt");
            Files.writeString(file, secret + "\n");
            Keys keys = Keys.ofFile("token-key", file.toString(), this::now);
            Files.delete(file);
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a gateway is told that takes these tokens. */
    public Access access() {
        return new Access(tokens(keys()), this::now);
    }
}
