package org.needle.routes;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.needle.cli.Needle;

/** The gateway as a process that is killed and started again, in a folder with its routes and properties. */
final class GatewayProcess {
    private final Path folder;
    private Process process;

    GatewayProcess(Path folder) {
        this.folder = folder;
    }

    /** Returns when it is ready. */
    void start() throws IOException {
        Path log = folder.resolve("log");
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Needle.class.getName())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        await().atMost(Duration.ofSeconds(60))
                .failFast(() -> {
                    if (!process.isAlive()) {
                        throw new AssertionError("the gateway ended: " + Files.readString(log));
                    }
                })
                .until(() -> Files.readString(log).contains("Ready after"));
    }

    /** As {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
    }
}
