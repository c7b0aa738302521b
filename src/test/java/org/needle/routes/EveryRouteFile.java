package org.needle.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.needle.cli.RunningGateway;

/** What holds for all files in {@code routes/}. */
class EveryRouteFile {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^:}]+)(:?)");

    private static String name(Path file) {
        return file.getFileName().toString().replace(".camel.yaml", "");
    }

    @Test
    void startsWithRealComponents(@TempDir Path folder) throws Exception {
        try (RunningGateway gateway = RunningGateway.in(folder)
                .with("clock.period", "1s")
                .with("forward.url", "http://127.0.0.1:9/nobody-is-there")
                .with("state.dir", folder.toString())
                .start()) {
            List<String> started = gateway.context().getRoutes().stream()
                    .map(Route::getId)
                    .filter(id -> gateway.context().getRouteController().getRouteStatus(id) == ServiceStatus.Started)
                    .sorted()
                    .toList();
            assertThat(started)
                    .isEqualTo(RunningGateway.readyRoutes().stream()
                            .map(EveryRouteFile::name)
                            .toList());
        }
    }

    @Test
    void canBeSwitchedOffByAProperty(@TempDir Path folder) throws Exception {
        try (RunningGateway gateway = RunningGateway.in(folder)
                .with("ingest.port", "0")
                .with("queue.name", "")
                .with("clock.period", "0")
                .with("camel.management.port", "0")
                .with("camel.component.push.port", "0")
                .start()) {
            assertThat(gateway.context().hasService(ManagementHttpServer.class)).isNull();
            assertThat(gateway.open().getPort()).isZero();
            assertThat(gateway.context().getRoutes())
                    .extracting(Route::getId)
                    .containsExactlyInAnyOrder("dead-letter", "fanout", "files");
        }
    }

    @Test
    void holdsOneRouteNamedLikeTheFileAndSaysFirstWhatItIsFor() throws Exception {
        for (Path file : RunningGateway.readyRoutes()) {
            List<String> lines = Files.readAllLines(file);
            assertThat(lines.get(0)).as("%s", file).startsWith("# ").hasSizeGreaterThan(30);
            assertThat(lines).as("%s", file).containsOnlyOnce("- route:").contains("    id: " + name(file));
        }
    }

    @Test
    void needsNoPropertyToBeSet() throws Exception {
        for (Path file : RunningGateway.readyRoutes()) {
            Matcher placeholder = PLACEHOLDER.matcher(Files.readString(file));
            while (placeholder.find()) {
                assertThat(placeholder.group(2))
                        .as("default of %s in %s", placeholder.group(1), file)
                        .isEqualTo(":");
            }
        }
    }
}
