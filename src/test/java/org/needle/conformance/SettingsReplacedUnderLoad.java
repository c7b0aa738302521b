package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.needle.access.KeySet;
import org.needle.edge.EdgeSettings;
import org.needle.edge.Origins;
import org.needle.edge.Proxies;

/** Certificate, key set and origin list are replaced again and again while 1,000 subscribers listen: nobody is dropped. */
@Timeout(180)
@Isolated("its clients and times need the machine")
class SettingsReplacedUnderLoad {
    private static final int CONNECTIONS = 10;
    private static final int STREAMS = 100;
    private static final int ROUNDS = 20;
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final AtomicInteger published = new AtomicInteger();
    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();

    @Test
    void dropNobody() throws Exception {
        Path origins = Files.writeString(folder.resolve("origins"), "https://page0.example\n");
        KeySet keys = new KeySet(folder.resolve("jwks.json"));
        String first = keys.replace();
        List<TestKeys> certificates = List.of(new TestKeys(folder), new TestKeys(folder));
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try (OpenEdge edge = OpenEdge.start(plan -> plan.tls(certificates.get(0).writeTo(folder))
                .letting(new EdgeSettings.Callers(
                        keys.access(),
                        Origins.of("file:" + origins, Proxies.NONE),
                        Proxies.NONE,
                        false,
                        EdgeSettings.Shares.DEFAULT)))) {
            List<CompletableFuture<Void>> subscribers = follow(edge, first);
            await().atMost(LONG).until(() -> edge.meter("needle.subscribers") == CONNECTIONS * STREAMS);
            clock.scheduleAtFixedRate(() -> publish(edge), 0, 100, TimeUnit.MILLISECONDS);
            for (int round = 1; round <= ROUNDS; round++) {
                TestKeys other = certificates.get(round % 2);
                other.writeTo(folder);
                Path fresh = Files.writeString(folder.resolve("fresh"), "https://page" + round + ".example\n");
                Files.move(fresh, origins, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                String token = keys.replace();
                edge.edge().refresh();
                assertThat(shown(edge)).isEqualTo(other.certificate());
                isTaken(edge, token, "https://page" + round + ".example");
                assertThat(edge.meter("needle.subscribers")).isEqualTo(CONNECTIONS * STREAMS);
            }
            clock.shutdown();
            assertThat(clock.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
            int all = published.get() * CONNECTIONS * STREAMS;
            await().atMost(LONG).until(() -> seen.get() == all);
            assertThat(wrong).hasValue(0);
            assertThat(subscribers).noneMatch(CompletableFuture::isDone);
        } finally {
            clock.shutdownNow();
        }
    }

    private void publish(OpenEdge edge) {
        edge.publish("t", Integer.toString(published.getAndIncrement()));
    }

    /** Each stream counts what it sees, and whether it is what was to come next. */
    private List<CompletableFuture<Void>> follow(OpenEdge edge, String token) {
        List<CompletableFuture<Void>> subscribers = new ArrayList<>();
        for (int connection = 0; connection < CONNECTIONS; connection++) {
            HttpClient client = HttpClient.newBuilder()
                    .sslContext(TestKeys.trusting())
                    .version(HttpClient.Version.HTTP_2)
                    .build();
            request(client, edge, "/info", token); // opens the connection that the streams share
            for (int stream = 0; stream < STREAMS; stream++) {
                AtomicInteger next = new AtomicInteger();
                subscribers.add(client.sendAsync(
                                get(edge, "/events?topic=t", token), BodyHandlers.fromLineSubscriber(new Lines(line -> {
                                    if (line.startsWith("data: ") && !line.contains("{")) {
                                        seen.incrementAndGet();
                                        if (Integer.parseInt(line.substring(6)) != next.getAndIncrement()) {
                                            wrong.incrementAndGet();
                                        }
                                    }
                                })))
                        .thenAccept(ended -> {}));
            }
        }
        return subscribers;
    }

    private static HttpRequest get(OpenEdge edge, String path, String token, String... headers) {
        String[] all = Stream.concat(Stream.of("Authorization", "Bearer " + token), Stream.of(headers))
                .toArray(String[]::new);
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + edge.tlsPort() + path))
                .headers(all)
                .build();
    }

    private static HttpResponse<String> request(
            HttpClient client, OpenEdge edge, String path, String token, String... headers) {
        try {
            return client.send(get(edge, path, token, headers), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void isTaken(OpenEdge edge, String token, String origin) {
        HttpClient client =
                HttpClient.newBuilder().sslContext(TestKeys.trusting()).build();
        HttpResponse<String> answer =
                request(client, edge, "/events?topic=t&transport=poll&wait=0", token, "Origin", origin);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue(origin);
        assertThat(request(client, edge, "/info", token, "Origin", "https://page0.example")
                        .headers()
                        .firstValue("Access-Control-Allow-Origin"))
                .isEmpty();
    }

    private static Certificate shown(OpenEdge edge) throws IOException {
        try (SSLSocket socket = (SSLSocket)
                TestKeys.trusting().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), edge.tlsPort())) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    /** Hands on every line. */
    private record Lines(Consumer<String> to) implements Flow.Subscriber<String> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            to.accept(line);
        }

        @Override
        public void onError(Throwable cut) {
            // the stream's future says so
        }

        @Override
        public void onComplete() {
            // the stream's future says so
        }
    }
}
