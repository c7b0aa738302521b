package org.needle.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.needle.access.Grant;
import org.needle.access.Keys;
import org.needle.access.Tokens;
import org.needle.cli.Needle.Failure;
import org.needle.hub.SystemClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what a token says, and whether a gateway would take it. */
@Command(
        name = "inspect",
        description = "Prints a token's header and claims, and with --key whether a gateway with that key takes it.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit status: 1 if it is no token, or is not taken."})
final class TokenInspect implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "TOKEN",
            description = "Without it, or with -, standard input: what is typed stays in the shell's history.")
    private String token = "-";

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "As camel.component.push.token-key: a public key in PEM, or an HMAC secret.")
    private @Nullable String key;

    @Option(names = "--issuer", paramLabel = "I", description = "With --key: as camel.component.push.token-issuer.")
    private @Nullable String issuer;

    @Option(names = "--audience", paramLabel = "A", description = "With --key: as camel.component.push.token-audience.")
    private @Nullable String audience;

    @Mixin
    private Terminal terminal = new Terminal();

    @Override
    public Integer call() throws Failure {
        PrintWriter out = terminal.out();
        String text = read();
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3) {
            throw new Failure("this is no signed token: three parts joined by dots");
        }
        JsonNode claims = json(parts[1]);
        out.println(json(parts[0]).toPrettyString());
        out.println(claims.toPrettyString());
        if (claims.path("exp").canConvertToLong()) {
            out.println("expires: " + Instant.ofEpochSecond(claims.path("exp").asLong()));
        }
        boolean taken = key == null || isTaken(text, out);
        out.flush();
        return taken ? 0 : 1;
    }

    private String read() throws Failure {
        if (!token.equals("-")) {
            return token.trim();
        }
        try {
            return new String(System.in.readNBytes(Tokens.MAX_LENGTH + 2), StandardCharsets.US_ASCII).trim();
        } catch (IOException e) {
            throw new Failure("standard input cannot be read");
        }
    }

    private boolean isTaken(String text, PrintWriter out) throws Failure {
        try {
            Keys keys = Keys.ofFile("--key", String.valueOf(key), SystemClock::millis);
            Tokens.Rules rules = new Tokens.Rules(issuer, audience, Set.of());
            Grant grant = new Tokens(keys, rules, SystemClock::millis).grant(text);
            out.println(
                    grant == null
                            ? "NOT taken: signature, exp, nbf, sub, iss, aud or the claim needle is wrong"
                            : "taken: subscribe " + grant.subscribe() + ", publish " + grant.publish());
            return grant != null;
        } catch (IllegalArgumentException e) {
            throw new Failure("--key " + e.getMessage());
        }
    }

    private static JsonNode json(String part) throws Failure {
        try {
            JsonNode json = new ObjectMapper()
                    .readTree(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
            if (json.isObject()) {
                return json;
            }
        } catch (IllegalArgumentException | JsonProcessingException e) {
            // said below
        }
        throw new Failure("this is no token: a part is not a JSON object in base64url");
    }
}
