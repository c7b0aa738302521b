package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.needle.edge.DevelopmentKeys;
import org.needle.edge.EdgeSettings;
import org.needle.hub.HubSettings;
import org.needle.hub.Slow;
import org.needle.hub.Topic;
import org.needle.hub.TopicSettings;

/** What is written in {@code application.properties}, as camel-main hands it over. */
class PropertiesOfTheGateway {
    @TempDir
    Path folder;

    private final Main main = new Main();

    @AfterEach
    void stop() {
        main.stop();
    }

    private Main configured(String... lines) throws IOException {
        List<String> all = new ArrayList<>(List.of("camel.component.push.tls-port=0"));
        all.addAll(List.of(lines));
        Path file = Files.write(folder.resolve("application.properties"), all);
        main.setDefaultPropertyPlaceholderLocation(file.toUri().toString());
        main.configure().setAutoConfigurationLogSummary(false);
        return main;
    }

    private HubSettings hubOf(String... lines) throws IOException {
        configured(lines).start();
        return main.getCamelContext()
                .getComponent("push", PushComponent.class)
                .gateway()
                .hub()
                .settings();
    }

    @Test
    void leftOutAreTheDefaultsOfHubAndEdge() {
        OptionReader reader = new OptionReader("");
        GatewaySettings settings = GatewaySettings.of(new PushOptions(), new DefaultCamelContext(), reader);
        reader.check();
        assertThat(settings.edge())
                .usingRecursiveComparison()
                .isEqualTo(new EdgeSettings(
                        "127.0.0.1",
                        8080,
                        new EdgeSettings.Tls(
                                8443, new DevelopmentKeys(Path.of("state")), EdgeSettings.Tls.Clients.NONE),
                        EdgeSettings.Loops.DEFAULT,
                        EdgeSettings.Limits.DEFAULT,
                        EdgeSettings.Timing.DEFAULT,
                        EdgeSettings.Callers.DEFAULT));
        assertThat(settings.hub()).isEqualTo(HubSettings.DEFAULT);
    }

    @Test
    void setHistoryByTopicAndPattern() throws IOException {
        TopicSettings.Rules rules = hubOf(
                        "camel.component.push.port=0",
                        "camel.component.push.history-count=7",
                        "camel.component.push.history-bytes=64k",
                        "camel.component.push.topics[orders/**].history-count={{many}}",
                        "many=50",
                        "camel.component.push.topics[orders/**].history-age=1h30m",
                        "camel.component.push.topics[orders/*].slow=bye",
                        "camel.component.push.topics[orders/my-shop.eu].historyBytes=1m")
                .topics();
        Duration age = Duration.ofMinutes(10);
        assertThat(rules.of(Topic.of("news"))).isEqualTo(new TopicSettings(7, 64 << 10, age, Slow.GAP));
        assertThat(rules.of(Topic.of("orders/a/b")))
                .isEqualTo(new TopicSettings(50, 64 << 10, Duration.ofMinutes(90), Slow.GAP));
        assertThat(rules.of(Topic.of("orders/a"))).isEqualTo(new TopicSettings(7, 64 << 10, age, Slow.BYE));
        assertThat(rules.of(Topic.of("orders/my-shop.eu"))).isEqualTo(new TopicSettings(7, 1 << 20, age, Slow.GAP));
    }

    @Test
    void thatAreWrongAreReportedTogetherEachByItsName() throws IOException {
        Main wrong = configured(
                "camel.component.push.port=99999",
                "camel.component.push.host=0.0.0.0",
                "camel.component.push.history-count=-1",
                "camel.component.push.history-bytes=64q",
                "camel.component.push.history-age=10 minutes",
                "camel.component.push.slow=maybe",
                "camel.component.push.anonymous=perhaps",
                "camel.component.push.log=paper",
                "camel.component.push.max-url=0",
                "camel.component.push.drain-timeout=0",
                "camel.component.push.topics[orders/**/x].history-count=5",
                "camel.component.push.topics[a/**].history-count=none",
                "camel.component.push.topics[a/**].histroy-age=5s",
                "camel.component.push.topics[b].slow=no");
        assertThatThrownBy(wrong::start)
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .startsWith("14 properties are wrong:\n  (1) camel.component.push.topics[a/**]")
                .contains(") camel.component.push.history-count=-1: must be a whole number from 1")
                .contains("camel.component.push.history-bytes=64q: must be a size")
                .contains("camel.component.push.history-age=10 minutes: must be a time")
                .contains("camel.component.push.slow=maybe: must be one of gap, conflate, bye")
                .contains("camel.component.push.anonymous=perhaps: must be true or false")
                .contains("camel.component.push.log=paper: must be memory")
                .contains("camel.component.push.max-url=0: must be a size of at least 1")
                .contains("camel.component.push.drain-timeout=0: must be a time")
                .contains("camel.component.push.topics[orders/**/x]: a topic")
                .contains("camel.component.push.topics[a/**].history-count=none")
                .contains("camel.component.push.topics[a/**].histroy-age=5s: is unknown")
                .contains("camel.component.push.topics[b].slow=no: must be one of");
    }

    @Test
    void thatAreUnknownStopTheStart() throws IOException {
        assertThatThrownBy(configured("camel.component.push.histroy-count=5")::start)
                .hasMessageContaining("histroyCount")
                .hasMessageContaining("camel.component.push");
    }

    @Test
    void openThePortToOthersOnlyIfThatIsWrittenDown() throws IOException {
        assertThatThrownBy(configured("camel.component.push.host=0.0.0.0", "camel.component.push.port=-1")::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("camel.component.push.host=0.0.0.0")
                .hasMessageContaining("camel.component.push.anonymous=true");
    }

    @Test
    void openThePortToOthersIfThatIsWrittenDown() throws IOException {
        configured(
                        "camel.component.push.host=0.0.0.0",
                        "camel.component.push.port=-1",
                        "camel.component.push.anonymous=true")
                .start();
        assertThat(main.getCamelContext()
                        .getComponent("push", PushComponent.class)
                        .boundPort())
                .isPositive();
    }

    private String key(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), content);
        return "camel.component.push.token-key=" + file;
    }

    @Test
    void openThePortToOthersIfTokensAreAskedFor() throws IOException {
        configured(
                        "camel.component.push.host=0.0.0.0",
                        "camel.component.push.port=-1",
                        key("x".repeat(32)),
                        "camel.component.push.token-issuer=*",
                        "camel.component.push.token-audience=needle",
                        "camel.component.push.token-algorithms=HS256, HS512")
                .start();
        assertThat(main.getCamelContext()
                        .getComponent("push", PushComponent.class)
                        .boundPort())
                .isPositive();
    }

    @Test
    void askForAnIssuerAndAnAudienceWhereThereIsAKey() throws IOException {
        assertThatThrownBy(configured(key("x".repeat(32)), "camel.component.push.token-algorithms=none")::start)
                .hasMessageContaining("camel.component.push.token-issuer: is missing")
                .hasMessageContaining("camel.component.push.token-audience: is missing")
                .hasMessageContaining("or * if any will do")
                .hasMessageContaining("camel.component.push.token-algorithms=none: must be some of HS256");
    }

    @Test
    void takeNoKeyThatIsNone() throws IOException {
        assertThatThrownBy(configured(key("too short"), "camel.component.push.anonymous=true")::start)
                .hasMessageContaining("camel.component.push.token-key: holds neither")
                .hasMessageNotContaining("too short");
    }

    @Test
    void doNotRepeatASecretThatWasPutInTheWrongPlace() throws IOException {
        String secret = "a-secret-that-somebody-took-for-the-name-of-a-file";
        assertThatThrownBy(configured("camel.component.push.token-key=" + secret)::start)
                .hasMessageContaining("camel.component.push.token-key: is no file")
                .hasMessageNotContaining(secret);
    }

    @Test
    void contradictThemselves() throws IOException {
        assertThatThrownBy(configured(
                        key("x".repeat(32)),
                        "camel.component.push.token-issuer=*",
                        "camel.component.push.token-audience=*",
                        "camel.component.push.anonymous=true")::start)
                .hasMessageContaining("camel.component.push.anonymous=true: contradicts");
    }

    @Test
    void meanNothingWithoutAKey() throws IOException {
        assertThatThrownBy(configured("camel.component.push.token-issuer=i")::start)
                .hasMessageContaining("camel.component.push.token-issuer=i: means nothing without token-key");
    }

    @Test
    void leaveNothingRunningIfThePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            TestGateway unlucky = new TestGateway();
            unlucky.options().setPort(Integer.toString(taken.getLocalPort()));
            unlucky.context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("timer:tick?period=10").to("mock:tick");
                }
            });
            assertThatThrownBy(unlucky::start).hasCauseInstanceOf(IOException.class);
            assertThat(unlucky.context.isStopped()).isTrue();
        }
    }

    @Test
    void nameTheAddressAndThePropertyOfAPortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(configured("camel.component.push.port=" + taken.getLocalPort())::start)
                    .hasStackTraceContaining("127.0.0.1:" + taken.getLocalPort())
                    .hasStackTraceContaining("camel.component.push.port");
        }
    }

    @Test
    void mayTurnThePublicPortOff() throws Exception {
        configured("camel.component.push.port=0");
        main.configure()
                .addLambdaRouteBuilder(r -> r.from("direct:in").to("push:t").to("mock:done"));
        main.start();
        main.getCamelTemplate().sendBody("direct:in", "a");
        assertThat(main.getCamelContext()
                        .getEndpoint("mock:done", MockEndpoint.class)
                        .getReceivedCounter())
                .isOne();
    }
}
