package org.needle.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.needle.conformance.RunningGateway;
import org.needle.conformance.Tunnel;

/** The Autobahn test suite against an echo route of the whole product, in a Python that runs on the JVM. */
@Tag("clients")
class AutobahnSuite {
    private static final Path JARS = Path.of("target/autobahn").toAbsolutePath();
    /** Cases 1 to 7 and 10, without three that demand close codes that the standard has allowed since. */
    private static final int CASES = 248;

    private static final String ECHO =
            """
            - route:
                from:
                  uri: websocket-jsr356:/echo
                  steps:
                    - setHeader:
                        name: jsr356.producer.session.incoming.use
                        constant: "true"
                    - to: websocket-jsr356:/echo
            """;

    private static final String SCRIPT =
            """
            import json, sys
            from autobahntestsuite import wstest
            wstest.start({'mode': 'fuzzingclient'}, json.load(open(sys.argv[1])))
            """;

    private static final String SPECIFICATION =
            """
            {"options": {"failByDrop": false}, "outdir": "reports",
             "servers": [{"agent": "needle", "url": "ws://127.0.0.1:%d/echo", "options": {"version": 18}}],
             "cases": ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*"],
             "exclude-cases": ["7.9.6", "7.9.7", "7.9.8"], "exclude-agent-cases": {}}
            """;

    @TempDir
    private Path home;

    @Test
    @Timeout(240)
    void findsNothingWrong() throws IOException, InterruptedException {
        try (RunningGateway gateway = start()) {
            findNothingWrong(gateway.port());
        }
    }

    /** The suite itself cannot speak TLS in this Python. */
    @Test
    @Timeout(240)
    void findsNothingWrongOverTls() throws IOException, InterruptedException {
        try (RunningGateway gateway = start("camel.component.push.tls-port=-1");
                Tunnel tunnel = Tunnel.intoTls(gateway.tlsPort())) {
            findNothingWrong(tunnel.port());
        }
    }

    private RunningGateway start(String... properties) throws IOException {
        RunningGateway.prepare(home);
        Files.writeString(home.resolve("routes/echo.camel.yaml"), ECHO);
        return RunningGateway.start(home, properties);
    }

    private void findNothingWrong(int port) throws IOException, InterruptedException {
        String output = run(port);
        Path index = home.resolve("reports/index.json");
        assertThat(index).as(output).exists();
        JsonNode results = new ObjectMapper().readTree(index.toFile()).path("needle");
        assertThat(results).hasSize(CASES);
        List<String> wrong = new ArrayList<>();
        results.properties().forEach(one -> {
            String behavior = one.getValue().path("behavior").asText();
            String close = one.getValue().path("behaviorClose").asText();
            if (!List.of("OK", "NON-STRICT", "INFORMATIONAL").contains(behavior)
                    || !List.of("OK", "INFORMATIONAL").contains(close)) {
                wrong.add("case " + one.getKey() + ": " + behavior + ", close " + close);
            }
        });
        assertThat(wrong).isEmpty();
    }

    private String run(int port) throws IOException, InterruptedException {
        assertThat(JARS).as("the suite's jars").isDirectory();
        Path script = Files.writeString(home.resolve("run.py"), SCRIPT);
        Path specification = Files.writeString(home.resolve("spec.json"), SPECIFICATION.formatted(port));
        Files.createDirectory(home.resolve("reports"));
        return Suite.run(
                home,
                150,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dpython.cachedir.skip=true",
                        "-cp",
                        JARS + File.separator + "*",
                        "org.python.util.jython",
                        script.toString(),
                        specification.toString()));
    }
}
