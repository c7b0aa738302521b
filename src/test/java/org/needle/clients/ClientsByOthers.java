package org.needle.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients by others and our own NeedleSource, each in a Node process of its own; three run at a time. Each test looks at the outcome of one. */
@Tag("clients")
class ClientsByOthers {
    private static final Path HOME = Path.of("target/clients");
    private static final long BOUND_SECONDS = 240;
    private static final ExecutorService RUNNERS = Executors.newFixedThreadPool(3);
    private static final Map<String, CompletableFuture<Run>> RUNS = new TreeMap<>();
    private static final Desk DESK = new Desk();

    /** What a file of tests printed, and how it ended. */
    private record Run(int status, String output) {
        /** A figure of the closing lines; -1 if it is not there. */
        int figure(String name) {
            Matcher line = Pattern.compile("(?m)^# " + name + " ([0-9]+)$").matcher(output);
            return line.find() ? Integer.parseInt(line.group(1)) : -1;
        }
    }

    @BeforeAll
    static void runAll() throws IOException {
        assertThat(HOME.resolve("node_modules"))
                .as("npm ci was run in %s", HOME)
                .isDirectory();
        try (var files = Files.list(HOME)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".test.mjs"))
                    .forEach(name -> RUNS.put(name, CompletableFuture.supplyAsync(() -> run(name), RUNNERS)));
        }
    }

    @AfterAll
    static void stop() {
        RUNNERS.shutdownNow();
        DESK.close();
    }

    private static Run run(String file) {
        try {
            Path output = Files.createTempFile("needle-clients", ".tap");
            ProcessBuilder builder = new ProcessBuilder("node", "--test", "--test-reporter=tap", file)
                    .directory(HOME.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().put("NEEDLE_DESK", DESK.url());
            Process process = builder.start();
            boolean ended = process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            String text = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            return new Run(ended ? process.exitValue() : -1, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @Timeout(300)
    @ValueSource(
            strings = {
                "chromium",
                "chromium-plain",
                "chromium-tls",
                "doctor",
                "eventsource",
                "eventsource-client",
                "fetch-event-source",
                "lab",
                "launchdarkly-eventsource",
                "needle",
                "needle-chromium",
                "needle-profiles",
                "tls",
                "undici",
                "vectors",
                "ws"
            })
    void getEverythingOnceAndInOrder(String client) {
        CompletableFuture<Run> started = RUNS.get(client + ".test.mjs");
        assertThat(started).as("a file of tests for %s", client).isNotNull();
        Run run = started.join();
        assertThat(run.status()).as(run.output()).isZero();
        assertThat(run.figure("pass")).as(run.output()).isPositive().isEqualTo(run.figure("tests"));
        assertThat(run.figure("skipped")).as(run.output()).isZero();
        assertThat(run.figure("todo")).as(run.output()).isZero();
    }
}
