package org.needle.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.needle.conformance.OpenEdge;
import org.needle.conformance.TestKeys;

/** sslscan against the TLS port. */
@Tag("clients")
class TlsScan {
    @TempDir
    private Path home;

    @Test
    @Timeout(150)
    void findsNothingOldAndNothingWeak() throws IOException, InterruptedException {
        try (OpenEdge edge = OpenEdge.start(plan -> plan.tls(new TestKeys(home).keys()))) {
            String output = Suite.run(
                    home,
                    120,
                    List.of(Program.find("sslscan").toString(), "--no-colour", "127.0.0.1:" + edge.tlsPort()));
            for (String old : List.of("SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1")) {
                assertThat(output).containsPattern(old + " +disabled");
            }
            assertThat(output).containsPattern("TLSv1.2 +enabled").containsPattern("TLSv1.3 +enabled");
            List<String> ciphers = output.lines()
                    .filter(line -> line.matches("(Preferred|Accepted) .*"))
                    .toList();
            assertThat(ciphers).as(output).isNotEmpty().allSatisfy(line -> assertThat(line)
                    .containsPattern("GCM|CHACHA20|POLY1305")
                    .containsPattern("TLSv1.3|ECDHE|DHE")
                    .doesNotContainPattern("NULL|EXP|RC4|DES|MD5|anon|ADH"));
            assertThat(output)
                    .doesNotContain("Insecure session renegotiation", "Compression enabled")
                    .doesNotContainPattern("(?<!not )vulnerable to heartbleed");
        }
    }
}
