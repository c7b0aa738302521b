package org.needle.camel;

import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/** Whose tokens are taken at the public port: the options of {@code push} about who may come in. */
@UriParams
public class TokenOptions extends CallerOptions {
    @UriParam(
            label = "security",
            description =
                    "A file with the key that tokens are signed with: public keys or certificates in PEM, or an HMAC"
                            + " secret of at least 32 bytes. Read again when it changes. With it, or token-jwks, nobody comes in"
                            + " without a token.")
    private @Nullable String tokenKey;

    @UriParam(
            label = "security",
            description =
                    "Instead of token-key, a JWK set: a file, or an https URL (http only of this machine), which is"
                            + " fetched every five minutes and when a token names a key that is not in it.")
    private @Nullable String tokenJwks;

    @UriParam(label = "security", description = "Who issues the tokens, exactly as their iss says it. *: anybody.")
    private @Nullable String tokenIssuer;

    @UriParam(
            label = "security",
            description = "Whom the tokens are for, exactly as one of their aud says it. *: whomever.")
    private @Nullable String tokenAudience;

    @UriParam(
            label = "security",
            description =
                    "The only algorithms that tokens may be signed with, as RS256,ES256. Left out: all that the keys are for.")
    private @Nullable String tokenAlgorithms;

    public @Nullable String getTokenKey() {
        return tokenKey;
    }

    public void setTokenKey(@Nullable String tokenKey) {
        this.tokenKey = tokenKey;
    }

    public @Nullable String getTokenJwks() {
        return tokenJwks;
    }

    public void setTokenJwks(@Nullable String tokenJwks) {
        this.tokenJwks = tokenJwks;
    }

    public @Nullable String getTokenIssuer() {
        return tokenIssuer;
    }

    public void setTokenIssuer(@Nullable String tokenIssuer) {
        this.tokenIssuer = tokenIssuer;
    }

    public @Nullable String getTokenAudience() {
        return tokenAudience;
    }

    public void setTokenAudience(@Nullable String tokenAudience) {
        this.tokenAudience = tokenAudience;
    }

    public @Nullable String getTokenAlgorithms() {
        return tokenAlgorithms;
    }

    public void setTokenAlgorithms(@Nullable String tokenAlgorithms) {
        this.tokenAlgorithms = tokenAlgorithms;
    }
}
