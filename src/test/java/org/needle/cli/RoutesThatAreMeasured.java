package org.needle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators read of each route: the same series that Camel's own policy has, and right. */
class RoutesThatAreMeasured {
    private static final String FAILING =
            """
            # Fails at each message from a client.
            - route:
                id: failing
                errorHandler: { noErrorHandler: {} }
                from:
                  uri: push:fails
                  steps:
                    - throwException: { exceptionType: java.lang.IllegalStateException, message: "as it should" }
            """;

    private final HttpClient http = HttpClient.newHttpClient();

    private RunningGateway start(Path folder, String camelsOwn) throws Exception {
        Path routes = Files.createDirectories(folder.resolve("routes"));
        Files.writeString(routes.resolve("failing.camel.yaml"), FAILING);
        return RunningGateway.in(folder)
                .with("camel.main.name", "measured")
                .with("camel.metrics.enable-route-policy", camelsOwn)
                .start();
    }

    private void use(RunningGateway gateway, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            assertThat(gateway.post("/ingest/t", "x").statusCode()).isEqualTo(202);
        }
        assertThat(gateway.post("/ingest/no%20topic", "x").statusCode()).isEqualTo(400);
        HttpRequest message = HttpRequest.newBuilder(gateway.open().resolve("/events?topic=fails"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        assertThat(http.send(message, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(500);
    }

    /** What is measured of routes: series and value. */
    private Map<String, Double> series(RunningGateway gateway) throws Exception {
        Map<String, Double> series = new TreeMap<>();
        gateway.observe("/observe/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("camel_"))
                .forEach(line -> series.put(
                        line.substring(0, line.lastIndexOf(' ')),
                        Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
        return series;
    }

    private static Double of(Map<String, Double> series, String name, String route) {
        return series.entrySet().stream()
                .filter(each ->
                        each.getKey().startsWith(name + "{") && each.getKey().contains("routeId=\"" + route + "\""))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    @Test
    void areCountedAndTimed(@TempDir Path folder) throws Exception {
        try (RunningGateway gateway = start(folder, "false")) {
            use(gateway, 3);
            Map<String, Double> series = series(gateway);
            Function<String, Double> ingest = name -> of(series, name, "http-ingest");
            assertThat(ingest.apply("camel_exchanges_total")).isEqualTo(4);
            assertThat(ingest.apply("camel_exchanges_succeeded_total"))
                    .as("a refusal is an answer")
                    .isEqualTo(4);
            assertThat(ingest.apply("camel_exchanges_failed_total")).isZero();
            assertThat(ingest.apply("camel_route_policy_seconds_count")).isEqualTo(4);
            assertThat(ingest.apply("camel_route_policy_seconds_sum"))
                    .isBetween(of(series, "camel_route_policy_seconds_sum", "fanout"), 20.0);
            assertThat(of(series, "camel_exchanges_total", "fanout")).isEqualTo(4);
            assertThat(of(series, "camel_exchanges_failed_total", "fanout")).isEqualTo(1);
            assertThat(of(series, "camel_exchanges_failed_total", "failing")).isEqualTo(1);
            assertThat(of(series, "camel_exchanges_succeeded_total", "failing")).isZero();
            assertThat(of(series, "camel_route_policy_seconds_count", "failing"))
                    .isEqualTo(1);
        }
    }

    /** The times differ; the time of a route that has not run yet is not there with Camel's. */
    @Test
    void haveTheSeriesOfCamelsOwnPolicy(@TempDir Path one, @TempDir Path other) throws Exception {
        Map<String, Double> own;
        try (RunningGateway gateway = start(one, "false")) {
            use(gateway, 2);
            own = series(gateway);
        }
        try (RunningGateway gateway = start(other, "true")) {
            use(gateway, 2);
            Map<String, Double> camels = series(gateway);
            own.keySet().removeIf(each -> each.contains("policy") && !camels.containsKey(each));
            assertThat(own.keySet()).isEqualTo(camels.keySet());
            own.keySet().removeIf(each -> each.contains("_sum{") || each.contains("_max{"));
            assertThat(camels).as("each is counted once").containsAllEntriesOf(own);
        }
    }

    @Test
    void areMeasuredAnewWhenTheyAreReloadedAndNoMoreWhenTheyAreGone(@TempDir Path folder) throws Exception {
        try (RunningGateway gateway = start(folder, "false")) {
            use(gateway, 1);
            Path file = gateway.route("failing");
            Files.writeString(file, FAILING.replace("as it should", "as it should again"));
            await().atMost(Duration.ofSeconds(20)).until(() -> Double.valueOf(0)
                    .equals(of(series(gateway), "camel_exchanges_failed_total", "failing")));
            use(gateway, 1);
            assertThat(of(series(gateway), "camel_exchanges_failed_total", "failing"))
                    .isEqualTo(1);
            assertThat(of(series(gateway), "camel_exchanges_total", "http-ingest"))
                    .as("another route's are kept")
                    .isEqualTo(4);
            gateway.context().getRouteController().stopRoute("failing");
            assertThat(gateway.context().removeRoute("failing")).isTrue();
            assertThat(series(gateway).keySet()).noneMatch(each -> each.contains("\"failing\""));
        }
    }
}
