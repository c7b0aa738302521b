package org.needle.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.needle.cli.Ports;
import org.needle.conformance.Ask;
import org.needle.conformance.Ask.Carrier;
import org.needle.conformance.Frame;
import org.needle.conformance.Journey;
import org.needle.conformance.OpenEdge;
import org.needle.conformance.Payloads;
import org.needle.conformance.Subscriber;
import org.needle.conformance.TestKeys;
import org.needle.conformance.Tunnel;
import org.needle.edge.Transport;
import org.needle.hub.Content;

/** What every client is promised through a reverse proxy that follows our recipe. All of it goes over the proxy's TLS. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BehindAProxy {
    private static final Duration LONG = Duration.ofSeconds(30);
    /** One proxy in use holds every chunk back for 206 ms unless it is told otherwise. */
    private static final long TOO_LATE_MILLIS = 150;

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(TestKeys.trusting())
            .build();

    private final ReverseProxy.Kind kind;

    private Path home;
    private OpenEdge edge;
    private ReverseProxy proxy;

    BehindAProxy(ReverseProxy.Kind kind) {
        this.kind = kind;
    }

    @BeforeAll
    void start(@TempDir Path folder) {
        home = folder;
        edge = OpenEdge.start(plan -> plan.heartbeat(Duration.ofSeconds(1)));
        proxy = ReverseProxy.start(kind, home, edge.port());
    }

    @AfterAll
    void stop() {
        proxy.close();
        edge.close();
    }

    private Ask ask(String topic) {
        return Ask.of(proxy.port(), topic).overTls();
    }

    private HttpResponse<String> get(ReverseProxy through, String target, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + through.port() + target))
                .timeout(LONG);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @ParameterizedTest
    @EnumSource
    void carriesEveryPayloadOnceAndInOrder(Transport transport) {
        String topic = "all/" + transport;
        Ask ask = ask(topic).from("earliest").with("envelope=json");
        try (Subscriber subscriber = Subscriber.open(transport, ask)) {
            if (transport != Transport.POLL) { // whose hello comes with the first events
                subscriber.hello();
            }
            List<Content> all = Payloads.all();
            List<String> ids =
                    all.stream().map(content -> edge.publish(topic, content)).toList();
            subscriber.awaitEvents(all.size());
            assertThat(subscriber.ids()).isEqualTo(ids);
            assertThat(subscriber.data())
                    .isEqualTo(all.stream().map(Payloads::exact).toList());
        }
    }

    @ParameterizedTest
    @EnumSource(names = "POLL", mode = EnumSource.Mode.EXCLUDE)
    void passesEachEventOnWhileTheStreamStaysOpen(Transport transport) {
        List<Long> delays = new ArrayList<>();
        try (Subscriber subscriber = Subscriber.open(transport, ask("live/" + transport))) {
            subscriber.hello();
            for (int i = 1; i <= 20; i++) {
                long start = System.nanoTime();
                edge.publish("live/" + transport, "number " + i);
                subscriber.awaitEvents(i);
                delays.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            }
            assertThat(subscriber.isEnded()).isFalse();
        }
        assertThat(delays.stream().sorted().toList().get(delays.size() / 2))
                .as("the middle one of %s ms", delays)
                .isLessThan(TOO_LATE_MILLIS);
    }

    @Test
    void letsASubscriberChangeTransportByLastEventId() {
        AtomicLong published = new AtomicLong();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        ExecutorService travellers = Executors.newFixedThreadPool(8);
        try {
            clock.scheduleAtFixedRate(
                    () -> edge.publish("travel", Long.toString(published.getAndIncrement())),
                    0,
                    4,
                    TimeUnit.MILLISECONDS);
            Random seeds = new Random(20260101L);
            Map<Journey, CompletableFuture<List<Frame>>> journeys = new LinkedHashMap<>();
            Journey.all().filter(way -> way.carrier() == Carrier.HEADER).forEach(way -> {
                Random random = new Random(seeds.nextLong());
                journeys.put(
                        way, CompletableFuture.supplyAsync(() -> way.travel(ask("travel"), random, 40), travellers));
            });
            assertThat(journeys).hasSize(16);
            journeys.forEach((way, journey) ->
                    Journey.assertWhole(journey.orTimeout(100, TimeUnit.SECONDS).join()));
        } finally {
            clock.shutdownNow();
            travellers.shutdownNow();
        }
    }

    @Test
    void letsIdleStreamsLiveLongerThanItsOwnPatience() throws IOException {
        Path other = Files.createDirectory(home.resolve("impatient"));
        try (ReverseProxy impatient = ReverseProxy.startImpatient(kind, other, edge.port())) {
            Ask ask = Ask.of(impatient.port(), "idle").overTls();
            try (Subscriber sse = Subscriber.open(Transport.SSE, ask);
                    Subscriber stream = Subscriber.open(Transport.STREAM, ask);
                    Subscriber socket = Subscriber.open(Transport.WEBSOCKET, ask)) {
                for (Subscriber each : List.of(stream, socket)) {
                    await().atMost(LONG).until(() -> each.controls("tick").size() >= 9 || each.isEnded());
                }
                edge.publish("idle", "still here");
                for (Subscriber each : List.of(sse, stream, socket)) {
                    each.awaitEvents(1);
                    assertThat(each.controls("hello")).hasSize(1);
                }
            }
        }
    }

    @Test
    void tellsTheGatewayWhoAsksAndHow() throws IOException, InterruptedException {
        HttpResponse<String> answer = get(
                proxy,
                "/info?nonce=n",
                "X-Forwarded-For",
                "6.6.6.6",
                "X-Forwarded-Proto",
                "gopher",
                "X-Forwarded-Host",
                "evil.example",
                "Last-Event-ID",
                "kept");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode headers = new ObjectMapper().readTree(answer.body()).path("headers");
        Map<String, String> seen = new LinkedHashMap<>();
        headers.properties().forEach(one -> seen.put(one.getKey().toLowerCase(Locale.ROOT), text(one.getValue())));
        assertThat(seen)
                .containsEntry("x-forwarded-for", "127.0.0.1")
                .containsEntry("x-forwarded-proto", "https")
                .containsEntry("x-forwarded-host", "127.0.0.1:" + proxy.port())
                .containsEntry("host", "127.0.0.1:" + proxy.port())
                .containsEntry("last-event-id", "kept");
    }

    private static String text(JsonNode value) {
        return value.isArray() && value.size() == 1
                ? value.get(0).asText()
                : value.isArray() ? value.toString() : value.asText();
    }

    @Test
    void writesNoSecretOfAQueryIntoItsLogs() throws IOException, InterruptedException {
        String secrets =
                "?topic=t&nonce=n&ticket=never-write-this&resume=never-write-this&access_token=never-write-this";
        assertThat(get(proxy, "/info" + secrets).statusCode()).isEqualTo(200);
        Path other = Files.createDirectory(home.resolve("away"));
        try (ReverseProxy away = ReverseProxy.start(kind, other, Ports.free())) {
            String referer = "https://app.example/" + secrets;
            assertThat(get(away, "/events" + secrets, "Referer", referer).statusCode())
                    .isBetween(500, 599);
            await().atMost(LONG).until(() -> written(home, "/info") && written(other, "/events"));
        }
        assertThat(written(home, "never-write-this")).isFalse();
    }

    private static boolean written(Path folder, String text) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                if (Files.readString(log, StandardCharsets.ISO_8859_1).contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void tellsTheGatewayWhenAClientLeaves() {
        await().atMost(LONG).until(() -> edge.meter("needle.subscribers") == 0);
        for (Transport transport : List.of(Transport.SSE, Transport.STREAM, Transport.WEBSOCKET)) {
            try (Subscriber subscriber = Subscriber.open(transport, ask("leave"))) {
                subscriber.hello();
                assertThat(edge.meter("needle.subscribers")).isEqualTo(1);
            }
            await().alias(transport + " is gone").atMost(LONG).until(() -> edge.meter("needle.subscribers") == 0);
        }
    }

    @Test
    void isThereAtOnceWhenTheGatewayComesBack() throws IOException, InterruptedException {
        Path other = Files.createDirectory(home.resolve("back"));
        int port;
        try (Tunnel before = new Tunnel(edge.port())) {
            port = before.port();
        }
        try (ReverseProxy another = ReverseProxy.start(kind, other, port)) {
            assertThat(get(another, "/info").statusCode()).isBetween(500, 599);
            try (Tunnel back = new Tunnel(port, edge.port())) {
                assertThat(back.port()).isEqualTo(port);
                await().atMost(Duration.ofSeconds(10))
                        .untilAsserted(() ->
                                assertThat(get(another, "/info").statusCode()).isEqualTo(200));
            }
        }
    }

    @Test
    void speaksHttp2WithItsClients() throws IOException, InterruptedException {
        Path output = home.resolve("curl");
        Process curl = new ProcessBuilder(
                        Program.find("curl").toString(),
                        "-sSkNi",
                        "--http2",
                        "https://127.0.0.1:" + proxy.port() + "/events?topic=two")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            await().atMost(LONG).until(() -> Files.readString(output).contains("needle-hello"));
            edge.publish("two", "over HTTP/2");
            await().atMost(LONG).until(() -> Files.readString(output).contains("data: over HTTP/2"));
            assertThat(Files.readString(output)).startsWith("HTTP/2 200");
            assertThat(curl.isAlive()).isTrue();
        } finally {
            curl.destroyForcibly().waitFor();
        }
    }
}
