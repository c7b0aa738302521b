package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.needle.client.ScriptedServer.events;
import static org.needle.client.ScriptedServer.eventsAndSilence;
import static org.needle.client.ScriptedServer.status;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.support.processor.state.MemoryStateRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.needle.client.ExplicitProxy;
import org.needle.client.ScriptedServer;
import org.needle.conformance.OpenEdge;
import org.needle.conformance.TestKeys;
import org.needle.hub.Content;

/** {@code from: sse:http(s)://...}, with a server that keeps to the rules. */
@Timeout(180)
class StreamOfAnotherServer {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void makesAnExchangeOfEachEvent() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(eventsAndSilence("data: a\n\nid: 7\nevent: x\ndata: b\ndata: \u00e9\n\n"));
                RemoteStreams streams = RemoteStreams.of(server)) {
            RemoteStreams.Seen first = streams.next();
            assertThat(first.body()).isEqualTo("a");
            assertThat(first.headers()).doesNotContainKeys(SseHeaders.STREAM_ID, SseHeaders.STREAM_NAME);
            RemoteStreams.Seen second = streams.next();
            assertThat(second.body()).isEqualTo("b\n\u00e9");
            assertThat(second.headers()).containsEntry("CamelSseEventId", "7").containsEntry("CamelSseEventName", "x");
        }
    }

    @Test
    void asksAsTheStandardSaysAndWithItsOwnHeadersAndQuery() throws Exception {
        try (ScriptedServer server = new ScriptedServer(eventsAndSilence("data: a\n\n"));
                RemoteStreams streams = RemoteStreams.at(
                        server.url("/stream?topic=a&topic=b"),
                        "header.Authorization=RAW(Bearer x+y)",
                        "header.X-Key=k",
                        "lastEventId=17")) {
            streams.next();
            ScriptedServer.Request request = server.next();
            assertThat(request.line()).isEqualTo("GET /stream?topic=a&topic=b HTTP/1.1");
            assertThat(request.headers())
                    .containsEntry("accept", "text/event-stream")
                    .containsEntry("cache-control", "no-store")
                    .containsEntry("authorization", "Bearer x+y")
                    .containsEntry("x-key", "k")
                    .containsEntry("last-event-id", "17")
                    .doesNotContainKey("upgrade");
        }
    }

    @Test
    void comesBackBehindTheLastEvent() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                        events("retry: 10\nid: 1\ndata: a\n\nid: 2\ndata: lost"),
                        events("data: b\n\nid: 3\n\n"),
                        eventsAndSilence("id: 4\ndata: c\n\n"));
                RemoteStreams streams = RemoteStreams.of(server)) {
            assertThat(streams.next().id()).isEqualTo("1");
            assertThat(streams.next().id())
                    .as("an event without an id keeps the one before")
                    .isEqualTo("1");
            assertThat(streams.next().id()).isEqualTo("4");
            assertThat(List.of(server.next(), server.next(), server.next()))
                    .extracting(request -> request.header("last-event-id"))
                    .containsExactly("", "1", "3");
        }
    }

    @Test
    void waitsAsLongAsTheServerSays() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(events("retry: 1000\ndata: a\n\n"), eventsAndSilence("data: b\n\n"));
                RemoteStreams streams = RemoteStreams.of(server, "maxReconnectDelay=10s")) {
            streams.next();
            long start = System.nanoTime();
            streams.next();
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
                    .as("1000 ms, give or take half")
                    .isGreaterThanOrEqualTo(450);
        }
    }

    @Test
    void isOverFor204() throws Exception {
        try (ScriptedServer server = new ScriptedServer(events("data: a\n\n"), status("204 No Content"));
                RemoteStreams streams = RemoteStreams.of(server)) {
            streams.next();
            await().atMost(LONG)
                    .until(() -> "finished".equals(streams.health().getDetails().get("stream.phase")));
            assertThat(streams.health().getState()).isEqualTo(HealthCheck.State.UP);
            await().during(Duration.ofSeconds(1)).atMost(LONG).until(() -> server.count() == 2);
        }
    }

    @Test
    void takesTheNextEventWhenTheRouteIsThrough() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        RouteBuilder slow = new RouteBuilder() {
            @Override
            public void configure() {
                from("sse:" + server().url("/")).process(x -> {
                    begun.incrementAndGet();
                    go.await();
                });
            }

            private ScriptedServer server() {
                return many;
            }
        };
        try (many;
                TestGateway gateway = TestGateway.with(slow)) {
            await().atMost(LONG).until(() -> begun.get() == 1);
            await().during(Duration.ofMillis(500)).atMost(LONG).until(() -> begun.get() == 1);
            go.countDown();
            await().atMost(LONG).until(() -> begun.get() == 3);
            assertThat(gateway.context.getInflightRepository().size()).isLessThanOrEqualTo(1);
        }
    }

    private final ScriptedServer many =
            new ScriptedServer(eventsAndSilence("data: a\n\ndata: b\n\ndata: c\n\n"), eventsAndSilence(""));

    @Test
    void pausesAndGoesOnBehindTheLastEvent() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                        eventsAndSilence("id: 1\ndata: a\n\n"), eventsAndSilence("id: 2\ndata: b\n\n"));
                RemoteStreams streams = RemoteStreams.of(server)) {
            streams.next();
            server.next();
            streams.gateway.context.getRouteController().suspendRoute("stream");
            await().during(Duration.ofMillis(500)).atMost(LONG).until(() -> server.count() == 1);
            streams.gateway.context.getRouteController().resumeRoute("stream");
            assertThat(streams.next().body()).isEqualTo("b");
            assertThat(server.next().header("last-event-id")).isEqualTo("1");
        }
    }

    @Test
    void goesOnAfterARestartBehindTheLastEventThatWasDone(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("deep/position");
        String option = "positionRepository=" + file;
        try (ScriptedServer server = new ScriptedServer(
                eventsAndSilence("id: 1\ndata: a\n\nid: 2\ndata: b\n\n"), eventsAndSilence("id: 3\ndata: c\n\n"))) {
            try (RemoteStreams streams = RemoteStreams.of(server, option, "lastEventId=0")) {
                streams.bodies(2);
            }
            assertThat(file).hasContent("2");
            try (RemoteStreams streams = RemoteStreams.of(server, option, "lastEventId=0")) {
                assertThat(streams.next().body()).isEqualTo("c");
            }
            assertThat(server.next().header("last-event-id")).isEqualTo("0");
            assertThat(server.next().header("last-event-id")).isEqualTo("2");
            assertThat(file).hasContent("3");
        }
    }

    @Test
    void keepsItsPositionInARepositoryOfTheUsers() throws Exception {
        MemoryStateRepository repository = new MemoryStateRepository();
        try (ScriptedServer server = new ScriptedServer(eventsAndSilence("id: 1\ndata: a\n\n"));
                TestGateway gateway = new TestGateway()) {
            String url = server.url("/");
            gateway.context.getRegistry().bind("kept", repository);
            gateway.context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("sse:" + url + "?positionRepository=#bean:kept").to("mock:out");
                }
            });
            gateway.start();
            await().atMost(LONG).until(() -> "1".equals(repository.getState("sse:" + url)));
        }
    }

    /** The position is that of the last event the route was done with. */
    @Test
    void asksAgainForAnEventThatFailedIfItIsToldTo(@TempDir Path folder) throws Exception {
        BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
        AtomicInteger failures = new AtomicInteger(2);
        try (ScriptedServer server = new ScriptedServer(
                        eventsAndSilence("id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: c\n\n"),
                        eventsAndSilence("id: 2\ndata: b\n\nid: 3\ndata: c\n\n"));
                TestGateway gateway = TestGateway.with(new RouteBuilder() {
                    @Override
                    public void configure() {
                        errorHandler(noErrorHandler());
                        from("sse:" + server.url("/") + "?breakOnFirstError=true&reconnectDelay=10ms")
                                .process(x -> {
                                    String body = x.getMessage().getBody(String.class);
                                    bodies.add(body);
                                    if (body.equals("b") && failures.getAndDecrement() > 0) {
                                        throw new IllegalStateException("not now");
                                    }
                                });
                    }
                })) {
            await().atMost(LONG).until(() -> bodies.size() == 5);
            assertThat(bodies).containsExactly("a", "b", "b", "b", "c");
            assertThat(List.of(server.next(), server.next(), server.next()))
                    .extracting(request -> request.header("last-event-id"))
                    .containsExactly("", "1", "1");
            assertThat(gateway.context.isStarted()).isTrue();
        }
    }

    @Test
    void goesThroughAProxyWithCredentialsAndTrustsWhomItIsTold(@TempDir Path folder) throws Exception {
        try (OpenEdge edge = OpenEdge.start(plan -> plan.tls(new TestKeys(folder).keys()));
                ExplicitProxy proxy = new ExplicitProxy("me:s3cret");
                TestGateway gateway = new TestGateway()) {
            for (int i = 0; i < 3; i++) {
                edge.publish("t", Content.text("created", "n" + i));
            }
            BlockingQueue<String> seen = new LinkedBlockingQueue<>();
            gateway.context.getRegistry().bind("trust", TestTrust.everybody());
            String url = "https://upstream.test:" + edge.tlsPort() + "/events?topic=t&position=earliest";
            gateway.context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("sse:" + url + "&proxy=http://me:s3cret@127.0.0.1:" + proxy.port()
                                    + "&header.Authorization=s3cret&sslContextParameters=#bean:trust")
                            .filter(simple("${header.CamelSseEventName} !regex 'needle-.*'"))
                            .process(x -> seen.add(x.getMessage().getBody(String.class)))
                            .to("push:copy");
                }
            });
            gateway.start();
            await().atMost(LONG).until(() -> seen.size() == 3);
            assertThat(seen).containsExactly("n0", "n1", "n2");
            await().atMost(LONG).until(() -> gateway.kept("copy").size() == 3);
            assertThat(gateway.kept("copy")).allMatch(event -> event.contains("\"event\":\"created\""));
            assertThat(gateway.context.getRoutes().get(0).getEndpoint().toString())
                    .doesNotContain("s3cret");
        }
    }

    @Test
    void keepsOneFileForOneStream(@TempDir Path folder) throws Exception {
        Files.createFile(folder.resolve("p"));
        try (ScriptedServer server = new ScriptedServer(eventsAndSilence(""));
                RemoteStreams streams = RemoteStreams.of(server, "positionRepository=" + folder.resolve("p"))) {
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> streams.gateway.context.addRoutes(new RouteBuilder() {
                                @Override
                                public void configure() {
                                    from("sse:" + server.url("/x") + "?positionRepository=" + folder.resolve("p"))
                                            .to("mock:out");
                                }
                            }))
                    .hasStackTraceContaining("is used by another route already");
        }
    }
}
