package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.needle.client.ScriptedServer;

/** A gateway whose route {@code stream} writes down what comes from a URL. */
final class RemoteStreams implements AutoCloseable {
    /** What one exchange held. */
    record Seen(Object body, Map<String, Object> headers) {
        String id() {
            return (String) headers.get(SseHeaders.STREAM_ID);
        }
    }

    final TestGateway gateway = new TestGateway();
    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();

    private RemoteStreams() {}

    /** Short delays, so that a test need not wait. */
    static RemoteStreams of(ScriptedServer server, String... options) throws Exception {
        return at(server.url("/stream"), options);
    }

    static RemoteStreams at(String url, String... options) throws Exception {
        RemoteStreams streams = new RemoteStreams();
        List<String> own = List.of(options);
        String all = Stream.concat(
                        Stream.of("reconnectDelay=20ms", "maxReconnectDelay=200ms")
                                .filter(option -> own.stream()
                                        .noneMatch(
                                                other -> other.startsWith(option.substring(0, option.indexOf('='))))),
                        own.stream())
                .collect(Collectors.joining("&"));
        HealthCheckRegistry health = HealthCheckRegistry.get(streams.gateway.context);
        health.register(health.resolveById("consumers"));
        streams.gateway.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("sse:" + url + (url.contains("?") ? "&" : "?") + all)
                        .routeId("stream")
                        .process(streams::see);
            }
        });
        streams.gateway.start();
        return streams;
    }

    private void see(Exchange exchange) {
        seen.add(new Seen(
                exchange.getMessage().getBody(),
                new LinkedHashMap<>(exchange.getMessage().getHeaders())));
    }

    Seen next() throws InterruptedException {
        Seen next = seen.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("an event within 20 s").isNotNull();
        return next;
    }

    List<Object> bodies(int count) throws InterruptedException {
        List<Object> bodies = new java.util.ArrayList<>();
        for (int i = 0; i < count; i++) {
            bodies.add(next().body());
        }
        return bodies;
    }

    boolean isQuiet() {
        return seen.isEmpty();
    }

    HealthCheck.Result health() {
        return HealthCheckHelper.invoke(gateway.context).stream()
                .filter(result -> result.getCheck().getId().equals("consumer:stream"))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        gateway.close();
    }
}
