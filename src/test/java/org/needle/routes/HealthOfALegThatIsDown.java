package org.needle.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.needle.cli.RunningGateway;
import org.needle.edge.Transport;

/** Whether a load balancer turns away while nobody on a leg answers is the operator's choice. */
class HealthOfALegThatIsDown {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int LEAST_SESSIONS = 10;

    @TempDir
    private Path folder;

    private final List<Deaf> audience = new ArrayList<>();
    private RunningGateway gateway;

    @AfterEach
    void stop() {
        audience.forEach(Deaf::close);
        gateway.close();
    }

    private void start(String pattern) throws Exception {
        RunningGateway.Plan plan =
                RunningGateway.in(folder).routes().with("queue.name", "").with("camel.health.exclude-pattern", pattern);
        Files.writeString(
                folder.resolve("routes/waiting.camel.yaml"),
                """
                - route:
                    from:
                      uri: direct:waiting
                      steps:
                        - to: sse:t?confirm=all&confirmTimeout=300ms
                """);
        gateway = plan.start();
        for (int i = 0; i < LEAST_SESSIONS; i++) {
            audience.add(Deaf.by(Transport.SSE, gateway, "t"));
        }
        assertThat(gateway.observe("/observe/health").statusCode()).isEqualTo(200);
        gateway.context().createProducerTemplate().asyncSendBody("direct:waiting", "x");
        await().atMost(LONG).until(() -> audience.stream().allMatch(deaf -> deaf.events() == 1));
    }

    @Test
    void isThatOfTheGateway() throws Exception {
        start("some-other-check");
        await().atMost(LONG).untilAsserted(() -> assertThat(
                        gateway.observe("/observe/health").statusCode())
                .isEqualTo(503));
        assertThat(gateway.observe("/observe/health").body()).contains("push-leg-sse");
    }

    @Test
    void isLeftOutWhereTheConfigurationSaysSo() throws Exception {
        start("push-leg-*");
        await().atMost(LONG).until(this::isDown);
        assertThat(gateway.observe("/observe/health").statusCode()).isEqualTo(200);
    }

    /** What the check itself says, whoever asks. */
    private boolean isDown() {
        return HealthCheckHelper.getHealthCheck(gateway.context(), "push-leg-sse")
                .callReadiness()
                .getState()
                .equals(HealthCheck.State.DOWN);
    }
}
