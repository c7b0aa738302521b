package org.needle.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.needle.access.SigningKey;
import org.needle.access.Tokens;
import org.needle.cli.Needle.Failure;
import org.needle.hub.SystemClock;
import org.needle.hub.TopicFilter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints a signed token, and nothing else. */
@Command(
        name = "make",
        description = "Prints a token that is signed with a key of yours.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  needle token make --new --key dev.key --sub me --subscribe 'orders/**' --issuer dev --audience needle",
            "  needle run -Dcamel.component.push.token-key=dev.key, and token-issuer=dev, token-audience=needle"
        })
final class TokenMake implements Callable<Integer> {
    private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,8})([smhd])");
    private static final Map<String, Long> UNITS = Map.of("s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    @Option(
            names = "--key",
            required = true,
            paramLabel = "FILE",
            description = "An HMAC secret of at least 32 bytes, or a private key in PEM (PKCS #8).")
    private Path key = Path.of("");

    @Option(
            names = "--new",
            description = "Makes the key if there is none; of a private key the public half goes to FILE.pub.")
    private boolean fresh;

    @Option(
            names = "--alg",
            paramLabel = "A",
            description = "As HS256, RS256, ES256 or EdDSA; without it what fits the key, and HS256 for a new one.")
    private @Nullable String algorithm;

    @Option(names = "--sub", required = true, paramLabel = "NAME", description = "Whom the token names.")
    private String subject = "";

    @Option(names = "--subscribe", paramLabel = "P", description = "A topic or pattern to follow; may be repeated.")
    private List<String> subscribe = new ArrayList<>();

    @Option(names = "--publish", paramLabel = "P", description = "A topic or pattern to send to; may be repeated.")
    private List<String> publish = new ArrayList<>();

    @Option(
            names = "--expires",
            paramLabel = "T",
            defaultValue = "1h",
            description = "From now, as 30s, 10m, 1h or 7d; default: 1h.")
    private String expires = "1h";

    @Option(names = "--issuer", paramLabel = "I", description = "The claim iss.")
    private @Nullable String issuer;

    @Option(names = "--audience", paramLabel = "A", description = "The claim aud.")
    private @Nullable String audience;

    @Mixin
    private Terminal terminal = new Terminal();

    @Override
    public Integer call() throws Failure {
        long now = SystemClock.millis();
        long life = checkArguments();
        SigningKey.Claims claims =
                new SigningKey.Claims(subject, subscribe, publish, issuer, audience, now, now + life);
        try {
            if (fresh && !Files.exists(key)) {
                SigningKey.generate(key, algorithm == null ? "HS256" : algorithm);
            }
            terminal.out().println(SigningKey.read(key).sign(claims, algorithm));
            terminal.out().flush();
            return 0;
        } catch (IllegalArgumentException e) {
            throw new Failure(key + " " + e.getMessage());
        } catch (NoSuchFileException e) {
            throw new Failure(e.getFile() + ": no such file (--new makes a key)");
        } catch (FileAlreadyExistsException e) {
            throw new Failure(e.getFile() + " exists already");
        } catch (IOException e) {
            throw new Failure(key + ": cannot be read or written");
        }
    }

    /** The token's life in ms. */
    private long checkArguments() {
        if (algorithm != null && !Tokens.ALGORITHMS.contains(algorithm)) {
            throw terminal.wrong("--alg=" + algorithm + ": one of " + String.join(", ", Tokens.ALGORITHMS));
        }
        subscribe.forEach(pattern -> check("--subscribe", pattern));
        publish.forEach(pattern -> check("--publish", pattern));
        Matcher time = TIME.matcher(expires);
        if (!time.matches()) {
            throw terminal.wrong("--expires=" + expires + ": a time as 30s, 10m, 1h or 7d");
        }
        return Long.parseLong(time.group(1)) * UNITS.getOrDefault(time.group(2), 1L);
    }

    private void check(String option, String pattern) {
        try {
            TopicFilter.of(pattern);
        } catch (IllegalArgumentException e) {
            throw terminal.wrong(option + "=" + pattern + ": " + e.getMessage());
        }
    }
}
