package org.needle.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.needle.conformance.HostileNetwork;
import org.needle.conformance.OpenEdge;
import org.needle.edge.Transport;
import org.needle.lab.Profile;
import org.needle.matrix.LabMatrix.Cell;

/** Which of the four transports gets events through at all, by itself and at the first try: what a client has to find out. */
@Tag("lab")
@ResourceLock(value = "lab", mode = ResourceAccessMode.READ)
@Execution(ExecutionMode.CONCURRENT)
class RawTransportsInTheLab {
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Set<Transport> ALL = EnumSet.allOf(Transport.class);
    private static final Set<Transport> HTTP = EnumSet.of(Transport.SSE, Transport.STREAM, Transport.POLL);
    private static final Set<Transport> NONE = EnumSet.noneOf(Transport.class);

    private static final Map<String, Set<Transport>> PASS = Map.ofEntries(
            Map.entry("buffer-response", EnumSet.of(Transport.WEBSOCKET, Transport.POLL)),
            Map.entry("buffer-4k", EnumSet.of(Transport.WEBSOCKET, Transport.POLL)),
            Map.entry("scan-tls", EnumSet.of(Transport.WEBSOCKET, Transport.POLL)),
            Map.entry("scan-tls-no-ws", EnumSet.of(Transport.POLL)),
            Map.entry("strip-upgrade", HTTP),
            Map.entry("reset-upgrade", HTTP),
            Map.entry("drop-upgrade", HTTP),
            Map.entry("swallow", EnumSet.of(Transport.POLL)),
            Map.entry("deny-event-stream", EnumSet.of(Transport.WEBSOCKET, Transport.STREAM, Transport.POLL)),
            Map.entry("http10", HTTP),
            Map.entry("connect-only-auth", NONE),
            Map.entry("captive-portal", NONE),
            Map.entry("blip-502", NONE));

    /** Rewritten or not. */
    private static final Pattern EVENT = Pattern.compile("(data: |\"data\":\").ick");

    private static OpenEdge edge;
    private static ScheduledExecutorService clock;
    private static ExecutorService threads;

    @BeforeAll
    static void start() {
        edge = OpenEdge.start();
        threads = Executors.newCachedThreadPool();
        clock = Executors.newSingleThreadScheduledExecutor();
        clock.scheduleAtFixedRate(() -> edge.publish("clock", "tick"), 0, 250, TimeUnit.MILLISECONDS);
        Stream.of(Transport.values()).forEach(each -> measure("clear", each)); // the first ones of a JVM take seconds
    }

    @AfterAll
    static void stop() {
        clock.shutdownNow();
        threads.shutdownNow();
        edge.close();
    }

    static Stream<String> profiles() {
        return Profile.names().stream().filter(name -> !name.equals("tunnel")); // nothing passes, and then all does
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void passOrDoNotPass(String profile) {
        Map<Transport, CompletableFuture<Cell>> all = new EnumMap<>(Transport.class);
        for (Transport each : Transport.values()) {
            all.put(each, CompletableFuture.supplyAsync(() -> measure(profile, each), threads));
        }
        Set<Transport> passed = EnumSet.noneOf(Transport.class);
        all.forEach((transport, measured) -> {
            Cell cell = measured.join();
            LabMatrix.put(profile, "raw " + transport.label(), cell);
            if (cell.first() >= 0) {
                passed.add(transport);
            }
        });
        if (profile.equals("kill-after-101")) {
            passed.add(Transport.WEBSOCKET); // for as long as it lives
        }
        assertThat(passed).isEqualTo(PASS.getOrDefault(profile, ALL));
    }

    private static Cell measure(String profile, Transport transport) {
        try (HostileNetwork network = HostileNetwork.open(profile, edge.port())) {
            return measure(network, transport);
        }
    }

    private static Cell measure(HostileNetwork network, Transport transport) {
        URI uri = URI.create(network.url() + "/events?topic=clock&wait=5&transport=" + transport.label());
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
        long start = System.nanoTime();
        CompletableFuture<Long> first =
                transport == Transport.WEBSOCKET ? socket(client, uri) : answer(client, uri, transport);
        long at = first.completeOnTimeout(-1L, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failed -> -1L)
                .join();
        long millis = at < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(at - start);
        return Cell.of(millis, transport.label(), network.lab().seen().size());
    }

    /** When the first event comes. */
    private static CompletableFuture<Long> answer(HttpClient client, URI uri, Transport transport) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
        if (transport == Transport.SSE) {
            request.header("Accept", "text/event-stream");
        }
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream())
                .thenApplyAsync(RawTransportsInTheLab::firstIn, threads);
    }

    private static long firstIn(HttpResponse<InputStream> answer) {
        StringBuilder text = new StringBuilder();
        byte[] some = new byte[4_096];
        try (InputStream in = answer.body()) {
            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                text.append(new String(some, 0, n, StandardCharsets.UTF_8));
                if (answer.statusCode() == 200 && EVENT.matcher(text).find()) {
                    return System.nanoTime();
                }
            }
            return -1;
        } catch (IOException e) {
            return -1;
        }
    }

    private static CompletableFuture<Long> socket(HttpClient client, URI uri) {
        CompletableFuture<Long> first = new CompletableFuture<>();
        URI ws = URI.create(uri.toString().replaceFirst("http", "ws"));
        client.newWebSocketBuilder()
                .connectTimeout(PATIENCE)
                .buildAsync(ws, new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                        if (data.toString().contains("\"data\":\"tick\"")) {
                            first.complete(System.nanoTime());
                            socket.abort();
                        }
                        socket.request(1);
                        return null;
                    }

                    @Override
                    public void onError(WebSocket socket, Throwable error) {
                        first.completeExceptionally(error);
                    }
                })
                .exceptionally(failed -> {
                    first.completeExceptionally(failed);
                    return null;
                });
        return first;
    }
}
