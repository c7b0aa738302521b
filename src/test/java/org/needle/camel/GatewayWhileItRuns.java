package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.junit.jupiter.api.Test;

/** The gateway as its operator sees it. */
class GatewayWhileItRuns {
    private static RouteBuilder publishing(String prefix) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .routeId("publish")
                        .setBody(simple(prefix + "${body}"))
                        .to("push:t");
            }
        };
    }

    @Test
    void keepsSubscribersAndHistoryWhenARouteIsReloaded() throws Exception {
        try (TestGateway gateway = TestGateway.with(publishing("old "));
                TestGateway.Stream stream = gateway.subscribe("topic=t")) {
            gateway.template.sendBody("direct:in", "1");
            assertThat(stream.awaitEvent()).contains("old 1");
            int port = gateway.push().boundPort();
            gateway.context.getRouteController().stopRoute("publish");
            gateway.context.removeRoute("publish");
            gateway.context.addRoutes(publishing("new "));
            assertThat(gateway.push().boundPort()).isEqualTo(port);
            gateway.template.sendBody("direct:in", "2");
            assertThat(stream.awaitEvent()).contains("new 2");
            assertThat(gateway.keptData("t")).containsExactly("old 1", "new 2");
        }
    }

    @Test
    void bindsItsPortWhenTheRoutesHaveStarted() throws Exception {
        TestGateway gateway = TestGateway.with(publishing(""));
        try (gateway) {
            assertThat(gateway.push().boundPort()).isPositive();
        }
        assertThat(gateway.context.isStopped()).isTrue();
    }

    private static HealthCheck.Result health(TestGateway gateway, String id) {
        return HealthCheckHelper.invokeReadiness(gateway.context, "full").stream()
                .filter(result -> result.getCheck().getId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void isReady() throws Exception {
        try (TestGateway gateway = TestGateway.with(publishing(""))) {
            assertThat(health(gateway, "push-edge").getState()).isEqualTo(HealthCheck.State.UP);
            assertThat(health(gateway, "push-log").getState()).isEqualTo(HealthCheck.State.UP);
            assertThat(HealthCheckHelper.invokeLiveness(gateway.context, "full"))
                    .extracting(result -> result.getCheck().getId())
                    .doesNotContain("push-edge", "push-log");
        }
    }

    @Test
    void sendsSubscribersAwayBeforeItWaitsForRoutes() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        TestGateway gateway = TestGateway.with(new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:slow").process(x -> {
                    entered.countDown();
                    release.await(20, TimeUnit.SECONDS);
                });
            }
        });
        gateway.options().setDrainTimeout("1ms");
        try (TestGateway.Stream stream = gateway.subscribe("topic=t")) {
            gateway.template.sendBody("seda:slow", "x");
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
            Thread stopping = new Thread(gateway::close, "test-stop");
            stopping.start();
            assertThat(stream.awaitLine(line -> line.contains("\"bye\""))).contains("retryAfter");
            assertThat(stopping.isAlive()).isTrue();
            assertThat(health(gateway, "push-edge").getState()).isEqualTo(HealthCheck.State.DOWN);
            HttpResponse<String> answer = gateway.post("/events?topic=t", "x");
            assertThat(answer.statusCode()).isEqualTo(503);
            release.countDown();
            stopping.join(Duration.ofSeconds(20).toMillis());
            assertThat(stopping.isAlive()).isFalse();
        }
    }

    @Test
    void countsInTheRegistryOfTheContext() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        TestGateway gateway = new TestGateway();
        gateway.context.getRegistry().bind("metrics", registry);
        gateway.context.addRoutes(publishing(""));
        try (gateway) {
            gateway.start();
            TestGateway.Stream stream = gateway.subscribe("topic=t");
            gateway.template.sendBody("direct:in", "1");
            stream.awaitEvent();
            assertThat(registry.get("needle.published").functionCounter().count())
                    .isEqualTo(1);
            assertThat(registry.get("needle.topics").gauge().value()).isEqualTo(1);
            assertThat(registry.get("needle.history.bytes").gauge().value()).isPositive();
            assertThat(registry.get("needle.subscribers")
                            .tag("transport", "stream")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            stream.close();
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void sharesItsPortWithHttpRoutes() throws Exception {
        java.net.ServerSocket free = new java.net.ServerSocket(0);
        int port = free.getLocalPort();
        free.close();
        TestGateway gateway = new TestGateway();
        gateway.options().setPort(Integer.toString(port));
        gateway.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("netty-http:http://127.0.0.1:" + port + "/ingest")
                        .to("push:t")
                        .setBody(header(PushHeaders.EVENT_ID));
            }
        });
        try (gateway) {
            gateway.start();
            HttpResponse<String> answer = gateway.post("/ingest", "hello");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(gateway.kept("t"))
                    .singleElement()
                    .asString()
                    .contains(answer.body())
                    .contains("hello");
        }
    }

    @Test
    void refusesWhatIsTooLargeAndTellsTheRouteWhy() throws Exception {
        TestGateway gateway = new TestGateway();
        gateway.options().setMaxEvent("10");
        gateway.options().setMaxTopics("1");
        gateway.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:in").to("push:t");
                from("direct:other").to("push:u");
            }
        });
        try (gateway) {
            gateway.start();
            assertThat(send(gateway, "direct:in", "12345678901")).hasMessageContaining("max-event=10");
            assertThat(send(gateway, "direct:in", "1234567890")).isNull();
            assertThat(send(gateway, "direct:other", "x")).hasMessageContaining("max-topics=1");
            assertThat(List.of(gateway.keptData("t"), gateway.keptData("u")))
                    .isEqualTo(List.of(List.of("1234567890"), List.of()));
        }
    }

    private static Exception send(TestGateway gateway, String route, String body) {
        Exchange done = gateway.template.send(route, x -> x.getMessage().setBody(body));
        return done.getException();
    }
}
