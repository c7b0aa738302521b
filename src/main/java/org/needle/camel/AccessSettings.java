package org.needle.camel;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.needle.access.Access;
import org.needle.access.Keys;
import org.needle.access.Tokens;
import org.needle.hub.SystemClock;

/** What the options about tokens mean. Closed by default: whatever would let in more than was meant is refused. */
final class AccessSettings {
    /** By this an operator says that anything will do. */
    private static final String ANY = "*";

    private AccessSettings() {}

    static Access of(TokenOptions options, OptionReader reader) {
        String key = text(options.getTokenKey());
        String jwks = text(options.getTokenJwks());
        if (key.isEmpty() && jwks.isEmpty()) {
            unused("tokenIssuer", options.getTokenIssuer(), reader);
            unused("tokenAudience", options.getTokenAudience(), reader);
            unused("tokenAlgorithms", options.getTokenAlgorithms(), reader);
            return Access.OPEN;
        }
        if (!key.isEmpty() && !jwks.isEmpty()) {
            reader.wrong("tokenJwks", "", "is given beside token-key: one of the two says which keys are meant");
        }
        Tokens.Rules rules = new Tokens.Rules(
                named("tokenIssuer", options.getTokenIssuer(), "the issuer whose tokens are taken", reader),
                named("tokenAudience", options.getTokenAudience(), "the audience that tokens have to be for", reader),
                algorithms(text(options.getTokenAlgorithms()), reader));
        Keys keys = keys(key, jwks, reader);
        return keys == null
                ? Access.OPEN
                : new Access(new Tokens(keys, rules, SystemClock::millis), SystemClock::millis);
    }

    /** The location is not repeated in what is wrong: somebody may have put the secret itself there. */
    private static @Nullable Keys keys(String key, String jwks, OptionReader reader) {
        String option = key.isEmpty() ? "tokenJwks" : "tokenKey";
        try {
            return key.isEmpty()
                    ? Keys.ofJwks("token-jwks", jwks, SystemClock::millis)
                    : Keys.ofFile("token-key", key, SystemClock::millis);
        } catch (IllegalArgumentException e) {
            reader.wrong(option, "", String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static @Nullable String named(String option, @Nullable String value, String what, OptionReader reader) {
        String name = text(value);
        if (name.isEmpty()) {
            reader.wrong(option, "", "is missing: write " + what + ", or * if any will do");
        }
        return name.isEmpty() || name.equals(ANY) ? null : name;
    }

    private static Set<String> algorithms(String list, OptionReader reader) {
        Set<String> names = new TreeSet<>(OptionReader.list(list));
        if (!Tokens.ALGORITHMS.containsAll(names)) {
            reader.wrong("tokenAlgorithms", list, "must be some of " + String.join(",", Tokens.ALGORITHMS));
        }
        return names;
    }

    private static void unused(String option, @Nullable String value, OptionReader reader) {
        if (!text(value).isEmpty()) {
            reader.wrong(
                    option,
                    text(value),
                    "means nothing without token-key or token-jwks: nobody would be asked for a token");
        }
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value.trim();
    }
}
