package org.needle;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every secret of the run, and everything that was said during it: what was printed and logged, answers that are errors or
 * pages, metrics. Tests that make or are given a secret say so here; when the last one is over {@link SecretsOfTheSuite} looks
 * for the ones in the other. Callable from any thread.
 */
public final class Secrets {
    /** Goes into whatever a test thinks up by itself: HMAC secrets, bad tokens. */
    public static final String MARKER = "xMARKERx";

    private static final Path SAID = Path.of("target", "said.txt");
    private static final int MOST_TOLD = 10;
    /** Tokens are looked for by their signature and keys line by line: a part of a secret is one too. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]{16,}");

    private static final Pattern GIVEN = Pattern.compile("\"(?:ticket|resume)\":\"([^\"]+)\"|__Host-needle=([^;\\s]+)");
    private static final Set<String> MADE = ConcurrentHashMap.newKeySet();
    private static final OutputStream OUT = open();

    private Secrets() {}

    private static OutputStream open() {
        try {
            Files.createDirectories(SAID.getParent());
            return new BufferedOutputStream(Files.newOutputStream(SAID));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on what is printed is heard too. Call before logging starts. */
    static void listen() {
        System.setOut(new PrintStream(new Tee(System.out), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new Tee(System.err), true, StandardCharsets.UTF_8));
    }

    /** A key, or a part of a token that gives power; returned as it is. */
    public static String made(String secret) {
        Matcher words = WORD.matcher(secret);
        while (words.find()) {
            MADE.add(words.group());
        }
        return secret;
    }

    /** A token, of which the signature must stay secret: without it the rest is worth nothing. */
    public static String token(String jwt) {
        made(jwt.substring(jwt.lastIndexOf('.') + 1));
        return jwt;
    }

    /** An answer or frame in which the gateway may have given a secret to its owner. */
    public static String given(String text) {
        Matcher given = GIVEN.matcher(text);
        while (given.find()) {
            made(given.group(1) == null ? given.group(2) : given.group(1));
        }
        return text;
    }

    /** Something that may be seen by others. */
    public static void said(String place, String text) {
        byte[] line = ("\n" + place + ": " + text + "\n").getBytes(StandardCharsets.UTF_8);
        write(line, 0, line.length);
    }

    private static void write(byte[] bytes, int from, int length) {
        synchronized (OUT) {
            try {
                OUT.write(bytes, from, length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The lines that hold a secret, the first few. */
    static List<String> leaks() throws IOException {
        synchronized (OUT) {
            OUT.flush();
        }
        List<String> leaks = new ArrayList<>();
        try (Stream<String> lines = new String(Files.readAllBytes(SAID), StandardCharsets.UTF_8).lines()) {
            lines.filter(Secrets::leaks).limit(MOST_TOLD).forEach(leaks::add);
        }
        return leaks;
    }

    private static boolean leaks(String line) {
        if (line.contains(MARKER)) {
            return true;
        }
        Matcher words = WORD.matcher(line);
        while (words.find()) {
            if (MADE.contains(words.group())) {
                return true;
            }
        }
        return false;
    }

    private static final class Tee extends OutputStream {
        private final PrintStream to;

        Tee(PrintStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            to.write(bytes, from, length);
            Secrets.write(bytes, from, length);
        }

        @Override
        public void flush() {
            to.flush();
        }
    }
}
