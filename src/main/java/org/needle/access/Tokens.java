package org.needle.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.needle.hub.TopicFilter;

/**
 * Says what a token grants (JWT, RFC 7519 and 8725). Whatever is wrong with one, the answer is the same. Nothing that a token
 * says is fetched or opened. Callable from any thread; blocks nobody.
 */
public final class Tokens {
    /** Bytes; a longer one is not looked at. */
    public static final int MAX_LENGTH = 8 << 10;

    /** The claim that holds what is granted. */
    public static final String CLAIM = "needle";

    /** Those that there are: HMAC, RSA, RSA-PSS, ECDSA and EdDSA, and no others. */
    public static final List<String> ALGORITHMS = List.of(
            "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
            "EdDSA", "Ed25519");

    private static final int MAX_SUBJECT = 255;
    /** By so much the issuer's clock may be ahead of ours. */
    private static final long SKEW_MS = 30_000;

    private final Keys keys;
    private final Rules rules;
    private final LongSupplier clock;

    /**
     * What tokens have to say.
     *
     * @param issuer null: any, or none
     * @param audience null: any, or none
     * @param algorithms the only ones that are taken; none: all that the keys are for
     */
    public record Rules(@Nullable String issuer, @Nullable String audience, Set<String> algorithms) {}

    /** @param clock ms since 1970 */
    public Tokens(Keys keys, Rules rules, LongSupplier clock) {
        this.keys = keys;
        this.rules = rules;
        this.clock = clock;
    }

    void start() {
        keys.start();
    }

    void close() {
        keys.stop();
    }

    /** What the token grants, or null if it is none that is taken here. */
    public @Nullable Grant grant(String token) {
        if (token.length() > MAX_LENGTH) {
            return null;
        }
        try {
            checkShape(token);
            SignedJWT jwt = SignedJWT.parse(token);
            return isSigned(jwt) ? granted(jwt.getJWTClaimsSet()) : null;
        } catch (ParseException | JOSEException | RuntimeException e) {
            return null; // not told, not logged: it would hold parts of the token
        }
    }

    private static void checkShape(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("no JWS");
        }
        StrictJson.check(Base64.getUrlDecoder().decode(parts[0]));
        StrictJson.check(Base64.getUrlDecoder().decode(parts[1]));
    }

    private boolean isSigned(SignedJWT jwt) throws JOSEException {
        JWSHeader header = jwt.getHeader();
        boolean plain = header.getCriticalParams() == null && header.isBase64URLEncodePayload();
        if (!plain
                || !(rules.algorithms().isEmpty()
                        || rules.algorithms().contains(header.getAlgorithm().getName()))) {
            return false;
        }
        boolean known = false;
        for (VerifyingKey key : keys.current()) {
            if (key.fits(header)) {
                known = true;
                if (jwt.verify(key.verifier())) {
                    return true;
                }
            }
        }
        if (!known) {
            keys.miss();
        }
        return false;
    }

    private @Nullable Grant granted(JWTClaimsSet claims) throws ParseException {
        long now = clock.getAsLong();
        long expires = millis(claims.getExpirationTime(), 0);
        long begins = millis(claims.getNotBeforeTime(), now);
        String subject = claims.getSubject();
        boolean ours = (rules.issuer() == null || rules.issuer().equals(claims.getIssuer()))
                && (rules.audience() == null || claims.getAudience().contains(rules.audience()));
        boolean valid = now < expires && now + SKEW_MS >= begins && isSubject(subject);
        if (!ours || !valid) {
            return null;
        }
        Map<String, Object> granted = claims.getJSONObjectClaim(CLAIM);
        return new Grant(subject, patterns(granted, "subscribe"), patterns(granted, "publish"), expires);
    }

    private static long millis(@Nullable Date date, long otherwise) {
        return date == null ? otherwise : date.toInstant().toEpochMilli();
    }

    /** It becomes a header of a route's message, and from there perhaps one of a request: no line ends. */
    private static boolean isSubject(@Nullable String subject) {
        return subject != null
                && !subject.isEmpty()
                && subject.length() <= MAX_SUBJECT
                && subject.chars().noneMatch(Character::isISOControl);
    }

    /** @throws IllegalArgumentException if there is anything but topics and patterns */
    private static List<TopicFilter> patterns(@Nullable Map<String, Object> granted, String name) {
        Object list = granted == null ? null : granted.get(name);
        if (list == null) {
            return List.of();
        }
        if (!(list instanceof List<?> patterns)) {
            throw new IllegalArgumentException(name + " is no list");
        }
        List<TopicFilter> filters = new ArrayList<>(patterns.size());
        for (Object pattern : patterns) {
            if (!(pattern instanceof String text)) {
                throw new IllegalArgumentException(name + " holds something that is no pattern");
            }
            filters.add(TopicFilter.of(text));
        }
        return filters;
    }
}
