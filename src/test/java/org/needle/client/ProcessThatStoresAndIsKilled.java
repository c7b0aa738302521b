package org.needle.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A position in a file, and kill -9. */
class ProcessThatStoresAndIsKilled {
    private static final String PADDING = "x".repeat(3_000);

    /** Stores one id after the other, and says each that is stored. */
    public static void main(String... file) throws Exception {
        FilePositions positions = new FilePositions(Path.of(file[0]));
        String last = positions.load();
        for (long i = last == null ? 0 : number(last); ; i++) {
            positions.store(i + PADDING);
            System.out.println(i);
        }
    }

    private static long number(String id) {
        assertThat(id).endsWith(PADDING);
        return Long.parseLong(id.substring(0, id.length() - PADDING.length()));
    }

    @Test
    @Timeout(240)
    void findsTheLastPositionWholeEachTime(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("position");
        for (int round = 1; round <= 6; round++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            ProcessThatStoresAndIsKilled.class.getName(),
                            file.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            long said = -1;
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (int i = 0; i < 20 * round; i++) {
                    said = Long.parseLong(lines.readLine());
                }
                process.destroyForcibly().waitFor();
            }
            String kept = new FilePositions(file).load();
            assertThat(kept).isNotNull();
            assertThat(number(kept)).isGreaterThanOrEqualTo(said);
        }
    }
}
