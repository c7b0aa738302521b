package org.needle.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a file of Node's tests printed, and how it ended. */
record NodeRun(int status, String output) {
    static final Path HOME = Path.of("target/clients");

    /** Runs a file of {@link #HOME} in a process of its own, for so long at most. */
    static NodeRun of(String file, Desk desk, Duration bound) {
        assertThat(HOME.resolve("node_modules"))
                .as("npm ci was run in %s", HOME)
                .isDirectory();
        try {
            Path output = Files.createTempFile("needle-clients", ".tap");
            long each = bound.minusSeconds(20).toMillis(); // so that one that hangs is named
            ProcessBuilder builder = new ProcessBuilder(
                            "node", "--test", "--test-reporter=tap", "--test-timeout=" + each, file)
                    .directory(HOME.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().put("NEEDLE_DESK", desk.url());
            Process process = builder.start();
            boolean ended = process.waitFor(bound.toSeconds(), TimeUnit.SECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            String text = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            return new NodeRun(ended ? process.exitValue() : -1, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** All tests passed, and none was left out. What they have measured is printed. */
    void assertPassed() {
        Pattern.compile("(?m)^ *# (needle: .*)$")
                .matcher(output)
                .results()
                .forEach(line -> System.out.println(line.group(1)));
        assertThat(status).as(output).isZero();
        assertThat(figure("pass")).as(output).isPositive().isEqualTo(figure("tests"));
        assertThat(figure("skipped")).as(output).isZero();
        assertThat(figure("todo")).as(output).isZero();
    }

    /** A figure of the closing lines; -1 if it is not there. */
    private int figure(String name) {
        Matcher line = Pattern.compile("(?m)^# " + name + " ([0-9]+)$").matcher(output);
        return line.find() ? Integer.parseInt(line.group(1)) : -1;
    }
}
