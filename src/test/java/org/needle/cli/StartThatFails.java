package org.needle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartThatFails {
    @TempDir
    private Path folder;

    private void saysInOneLine(RunningGateway.Plan plan, String... expected) throws Exception {
        Typed typed = Typed.needle("--properties=" + plan.routes().file());
        assertThat(typed.err()).contains(expected);
        assertThat(typed.err().lines()).hasSize(1);
        assertThat(typed.status()).isEqualTo(1);
        assertThat(typed.out()).isEmpty();
    }

    private RunningGateway.Plan plan() {
        return RunningGateway.in(folder);
    }

    private void edit(String route, String from, String to) throws Exception {
        plan().routes();
        Path file = folder.resolve("routes").resolve(route + ".camel.yaml");
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    @Test
    void becauseOfAnUnknownComponentOptionNamesTheProperty() throws Exception {
        saysInOneLine(plan().with("camel.component.push.frob", "1"), "camel.component.push.frob=1", "no such option");
        saysInOneLine(plan().with("camel.component.jms.frob", "1"), "camel.component.jms.frob=1");
    }

    @Test
    void becauseOfWrongValuesNamesThemAll() throws Exception {
        saysInOneLine(
                plan().with("camel.component.push.history-count", "many").with("camel.component.push.slow", "fast"),
                "camel.component.push.history-count=many",
                "camel.component.push.slow=fast");
    }

    @Test
    void becauseOfAWrongNumberNamesTheProperty() throws Exception {
        saysInOneLine(plan().with("queue.attempts", "often"), "queue.attempts=often: not a whole number");
    }

    @Test
    void becauseOfAnUnknownKeyInYamlNamesFileAndLine() throws Exception {
        edit("clock", "      uri: timer", "      urri: timer");
        saysInOneLine(plan(), "routes/clock.camel.yaml, line ", "urri");
    }

    @Test
    void becauseOfBrokenYamlNamesFileAndLine() throws Exception {
        edit("fanout", "    from:", "    from: : :");
        saysInOneLine(plan(), "routes/fanout.camel.yaml, line ");
    }

    @Test
    void becauseOfAnUnknownEndpointOptionNamesRouteAndFile() throws Exception {
        edit("clock", "delay: 0", "frob: 0");
        saysInOneLine(plan().with("clock.period", "1s"), "route clock", "clock.camel.yaml", "frob");
    }

    @Test
    void becauseOfAnUnknownComponentNamesRouteAndFile() throws Exception {
        edit("clock", "uri: timer", "uri: tiimer");
        saysInOneLine(plan().with("clock.period", "1s"), "route clock", "clock.camel.yaml", "tiimer");
    }

    @Test
    void becauseAPortIsTakenNamesItAndItsProperty() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            saysInOneLine(plan().with("ingest.port", port), "127.0.0.1:" + port, "ingest.port");
            saysInOneLine(plan().with("camel.management.port", port), "127.0.0.1:" + port, "camel.management.port");
            saysInOneLine(plan().with("queue.port", port), "127.0.0.1:" + port, "queue.port");
            saysInOneLine(plan().with("camel.component.push.port", port), "127.0.0.1:" + port, "push.port");
        }
    }

    @Test
    void becauseAPortIsNoneNamesItsProperty() throws Exception {
        for (String property : List.of("ingest.port", "queue.port", "camel.management.port")) {
            for (String wrong : List.of("99999", "many", "-2")) {
                saysInOneLine(plan().with(property, wrong), property + "=" + wrong + ": a port is a number");
            }
        }
    }

    @Test
    void becauseTheBrokersClassIsMissingNamesIt() throws Exception {
        RunningGateway.Plan plan = plan().with("camel.beans.queueBroker", "#class:com.example.Broker");
        saysInOneLine(plan, "com.example.Broker", "into lib/");
    }

    /** As a component whose jar is there, and those that it needs are not. */
    public static final class Lonely {
        public Lonely() {
            throw new NoClassDefFoundError("com/example/Needed");
        }
    }

    @Test
    void becauseAJarIsMissingNamesTheClass() throws Exception {
        RunningGateway.Plan plan = plan().with("camel.beans.lonely", "#class:" + Lonely.class.getName());
        saysInOneLine(plan, "com.example.Needed", "into lib/");
    }

    @Test
    void becauseTheFileOfPropertiesIsMissingNamesIt() {
        Typed typed = Typed.needle("run", "--properties=" + folder.resolve("none"));
        assertThat(typed.status()).isEqualTo(1);
        assertThat(typed.err().lines()).hasSize(1);
        assertThat(typed.err()).contains("none: no such file");
    }
}
