package org.needle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway as a process of its own, in a folder of its own. */
class ProcessThatIsStopped {
    private static final Pattern EVENTS = Pattern.compile("Ready after .*?events (http://[0-9.:]+)/events");

    @TempDir
    private Path folder;

    private Process process;
    private Path log;

    @BeforeEach
    void start() throws IOException {
        RunningGateway.in(folder).routes();
        Files.writeString(
                folder.resolve("application.properties"),
                """
                camel.component.push.port=-1
                camel.component.push.tls-port=0
                ingest.port=8081
                camel.management.port=-1
                clock.period=50ms
                """);
        process = needle("-Dingest.port=-1");
    }

    /** The file says one port, the environment nothing, the command line another. */
    private Process needle(String... arguments) throws IOException {
        log = folder.resolve("log");
        return Typed.process(arguments)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    @AfterEach
    void kill() {
        process.destroyForcibly();
    }

    private String log() throws IOException {
        return Files.readString(log);
    }

    private URI ready() {
        await().atMost(Duration.ofSeconds(40))
                .failFast("it ended", () -> !process.isAlive())
                .until(() -> EVENTS.matcher(log()).find());
        try {
            Matcher events = EVENTS.matcher(log());
            assertThat(events.find()).isTrue();
            return URI.create(events.group(1));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void saysGoodByeAndEndsInTime() throws Exception {
        try (Follower follower = new Follower(ready(), "clock")) {
            follower.events(3);
            process.destroy(); // SIGTERM
            assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(128 + 15);
            await().atMost(Duration.ofSeconds(5)).until(follower::hasEnded);
            assertThat(follower.controls()).endsWith("bye");
        }
        assertThat(log()).doesNotContain("Exception", "\tat ", " ERROR ", " WARN ");
    }
}
