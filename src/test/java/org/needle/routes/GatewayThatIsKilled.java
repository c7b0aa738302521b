package org.needle.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.needle.cli.Ports;
import org.needle.cli.RunningGateway;
import org.needle.conformance.OpenEdge;
import org.needle.wire.ServerFrame;

/**
 * {@code kill -9} at any moment, while files, messages of a broker, HTTP requests and a remote stream's events come in that are acknowledged when a subscriber
 * has confirmed their events. The log is in memory, so what is redelivered is an event of another epoch.
 */
@Isolated("six processes, and time")
class GatewayThatIsKilled {
    private static final long SEED = 20261126;
    private static final int LINES = 5;
    /** A source is so many inputs ahead of the listener at most: a message is taken when the one before is confirmed, four in a second. */
    private static final int AHEAD = 20;

    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final ExecutorService sources = Executors.newFixedThreadPool(4);
    private final Set<String> sent = new TreeSet<>();
    private final ConcurrentLinkedQueue<String> all = new ConcurrentLinkedQueue<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private int publicPort;
    private int ingestPort;
    private final OpenEdge upstream = OpenEdge.start(plan -> plan.keeping(100_000));
    private BrokerProcess broker;
    private GatewayProcess gateway;
    private Listener listener;
    private volatile boolean enough;

    @BeforeEach
    void start() throws Exception {
        publicPort = Ports.free();
        ingestPort = Ports.free();
        broker = BrokerProcess.start(folder.resolve("broker"), Ports.free());
        RunningGateway.in(folder).routes();
        writeKeys(folder.resolve("routes/fanout.camel.yaml"));
        Files.writeString(folder.resolve("application.properties"), properties());
        gateway = new GatewayProcess(folder);
    }

    private String properties() {
        return """
                camel.component.push.port=%d
                camel.component.push.tls-port=0
                camel.component.push.anonymous=true
                camel.component.push.history-count=100000
                camel.component.push.history-bytes=100m
                camel.management.port=-1
                ingest.port=%d
                clock.period=0
                inbox.settle=0
                inbox.poll=100
                inbox.confirm=any
                inbox.confirm-timeout=5m
                ingest.confirm=any
                ingest.confirm-timeout=5m
                queue.confirm=any
                queue.confirm-timeout=5m
                queue.retry=200
                forward.url=http://127.0.0.1:%d/events?topic=up&position=earliest
                forward.topic=in
                forward.confirm=any
                forward.confirm-timeout=5m
                camel.beans.queueBroker=#class:%s
                camel.beans.queueBroker.brokerURL=%s
                """
                .formatted(
                        publicPort,
                        ingestPort,
                        upstream.port(),
                        ActiveMQConnectionFactory.class.getName(),
                        broker.url());
    }

    /** What passes the fan-out is written down with its idempotency key. */
    private static void writeKeys(Path fanout) throws IOException {
        String writesKeys =
                """
                  steps:
                    - setProperty: { name: original, simple: "${body}" }
                    - setBody: { simple: "${header.CamelPushIdempotencyKey} ${body}" }
                    - to: file:.?fileName=keys&fileExist=Append&appendChars=\\n
                    - setBody: { simple: "${exchangeProperty.original}" }
            """;
        Files.writeString(
                fanout,
                Files.readString(fanout)
                        .replaceFirst(
                                " {6}steps:\n", writesKeys.replace("\\", "\\\\").replace("$", "\\$")));
    }

    @AfterEach
    void stop() throws Exception {
        enough = true;
        sources.shutdownNow();
        listener.close();
        gateway.kill();
        broker.close();
        upstream.close();
    }

    private interface Source {
        void send(String name) throws Exception;
    }

    private Future<?> source(String kind, int parts, int everyMs, Source source) {
        return sources.submit(() -> {
            for (int i = 0; !enough; i++) {
                String name = kind + "-" + i;
                IntStream.range(0, parts).forEach(part -> all.add(input(name, parts, part)));
                source.send(name);
                pause(everyMs);
                String before = input(kind + "-" + (i - AHEAD), parts, parts - 1);
                while (i >= AHEAD && !enough && !listener.data().contains(before)) {
                    pause(50);
                }
            }
            return null;
        });
    }

    private static String input(String name, int parts, int part) {
        return parts == 1 ? name : name + "-" + part;
    }

    private static void pause(long ms) {
        Duration time = Duration.ofMillis(ms);
        await().pollDelay(time).atMost(time.plusSeconds(5)).until(() -> true);
    }

    private void drop(String name) throws Exception {
        Path inbox = Files.createDirectories(folder.resolve("inbox/in"));
        String content = String.join(
                "\n",
                IntStream.range(0, LINES).mapToObj(line -> name + "-" + line).toList());
        Path hidden = Files.writeString(inbox.resolve("." + name), content);
        Files.move(hidden, inbox.resolve(name + ".csv"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** As a careful client does: again and again with the same key, until it is told that all is well. */
    private void post(String name) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ingestPort + "/ingest/in"))
                .timeout(Duration.ofSeconds(20))
                .header("Idempotency-Key", name)
                .POST(HttpRequest.BodyPublishers.ofString(name))
                .build();
        while (true) {
            try {
                if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 202) {
                    return;
                }
            } catch (IOException e) {
                pause(50); // killed, or not there yet
            }
        }
    }

    private void survives(int kills) throws Exception {
        Random random = new Random(SEED);
        listener = Listener.to(URI.create("http://127.0.0.1:" + publicPort), "in");
        try (Connection connection = new ActiveMQConnectionFactory(broker.url()).createConnection()) {
            connection.start();
            Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            List<Future<?>> running = List.of(
                    source("file", LINES, 200, this::drop),
                    source("post", 1, 100, this::post),
                    source("event", 1, 300, name -> upstream.publish("up", name)),
                    source("message", 1, 500, name -> {
                        Message message = session.createTextMessage(name);
                        message.setStringProperty("topic", "in");
                        session.createProducer(session.createQueue("events")).send(message);
                    }));
            for (int i = 0; i < kills; i++) {
                int before = listener.events().size();
                gateway.start();
                await().atMost(LONG).until(() -> listener.events().size() > before);
                pause(random.nextInt(2_000));
                gateway.kill();
            }
            gateway.start();
            enough = true;
            for (Future<?> each : running) {
                each.get(LONG.toSeconds(), TimeUnit.SECONDS);
            }
            sent.addAll(all);
            await().atMost(LONG).until(() -> new HashSet<>(listener.data()).containsAll(sent));
            await().atMost(LONG).untilAsserted(() -> {
                assertThat(inbox()).isEmpty();
                assertThat(waiting(session)).isZero();
            });
            check(kills);
        }
    }

    private List<Path> inbox() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("inbox/in"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static int waiting(Session session) throws Exception {
        return session.createBrowser(session.createQueue("events"))
                        .getEnumeration()
                        .hasMoreElements()
                ? 1
                : 0;
    }

    private void check(int kills) throws IOException {
        assertThat(listener.data()).as("nothing that nobody sent").allMatch(sent::contains);
        assertThat(listener.events().stream().map(event -> epoch(event) + event.data()))
                .as("in one epoch a repeat is no event")
                .doesNotHaveDuplicates();
        int repeated = listener.events().size() - sent.size();
        Map<String, Set<String>> keys = keys();
        assertThat(keys.keySet())
                .isEqualTo(sent.stream()
                        .filter(input -> !input.startsWith("event-")) // goes another way
                        .collect(Collectors.toSet()));
        assertThat(keys).allSatisfy((input, all) -> assertThat(all).as(input).hasSize(1));
        assertThat(keys.get("file-0-1").iterator().next()).matches("[0-9a-f]{64}-2");
        assertThat(keys.get("post-0")).containsExactly("post-0");
        assertThat(keys.get("message-0").iterator().next()).startsWith("ID:");
        assertThat(folder.resolve("inbox/in/.failed")).doesNotExist();
        assertThat(folder.resolve("undelivered")).doesNotExist();
        assertThat(listener.gaps()).as("each new epoch is told").isNotEmpty().allMatch(gap -> gap.reason()
                .equals("epoch"));
        System.out.println("needle: " + kills + " kills, " + sent.size() + " inputs, all published; " + repeated
                + " of them twice, in another epoch; " + listener.gaps().size() + " gaps told");
        assertThat(repeated).as("or nothing was tried").isPositive();
    }

    private static String epoch(ServerFrame.Event event) {
        return event.id().substring(0, event.id().indexOf('-') + 1);
    }

    /** The keys that each input was published with. */
    private Map<String, Set<String>> keys() throws IOException {
        Map<String, Set<String>> keys = new TreeMap<>();
        for (String line : Files.readAllLines(folder.resolve("keys"))) {
            String[] parts = line.split(" ", -1);
            if (parts.length == 2 && sent.contains(parts[1])) { // a kill may leave half a line
                keys.computeIfAbsent(parts[1], input -> new TreeSet<>()).add(parts[0]);
            }
        }
        return keys;
    }

    @Tag("clients")
    @Test
    @Timeout(240)
    void losesNothingThatIsAcknowledged() throws Exception {
        survives(3);
    }

    @Tag("long")
    @Test
    @Timeout(900)
    void losesNothingInFiftyKills() throws Exception {
        survives(50);
    }
}
