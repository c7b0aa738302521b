package org.needle.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program by others that runs to its end. */
final class Suite {
    private Suite() {}

    /** Runs it in a folder, for at most so many seconds, and returns what it printed. */
    static String run(Path folder, int seconds, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "suite", ".log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        String text = Files.readString(output);
        assertThat(ended).as(text).isTrue();
        return text;
    }
}
