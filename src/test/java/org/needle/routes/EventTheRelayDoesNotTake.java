package org.needle.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.needle.cli.Follower;
import org.needle.cli.RunningGateway;

/** The legs in {@code fanout}, and {@code dead-letter}. */
class EventTheRelayDoesNotTake {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Post(String key, JsonNode event) {}

    private final List<Post> posts = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private HttpServer relay;
    private RunningGateway gateway;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        relay = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        relay.createContext("/hook", request -> {
            String key = request.getRequestHeaders().getFirst("Idempotency-Key");
            posts.add(new Post(key, JSON.readTree(request.getRequestBody())));
            request.sendResponseHeaders(status, -1);
            request.close();
        });
        relay.start();
        gateway = RunningGateway.in(folder)
                .with("relay.url", "http://127.0.0.1:" + relay.getAddress().getPort() + "/hook")
                .start();
    }

    @AfterEach
    void stop() {
        gateway.close();
        relay.stop(0);
    }

    private List<Path> undelivered() throws IOException {
        return kept(gateway);
    }

    private static List<Path> kept(RunningGateway gateway) throws IOException {
        if (!Files.exists(gateway.undelivered())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(gateway.undelivered())) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void oneThatItTakesIsNotKept() throws Exception {
        String id = JSON.readTree(
                        gateway.post("/ingest/orders?event=created", "x").body())
                .get("id")
                .textValue();
        assertThat(posts).hasSize(1);
        assertThat(posts.get(0).key()).isEqualTo(id);
        assertThat(posts.get(0).event().get("topic").textValue()).isEqualTo("orders");
        assertThat(posts.get(0).event().get("event").textValue()).isEqualTo("created");
        assertThat(undelivered()).isEmpty();
    }

    @Test
    void oneThatItDoesNotTakeReachesSubscribersAndIsKeptWithItsHeaders() throws Exception {
        status = 500;
        String answer = gateway.post("/ingest/orders/eu?event=created", "{\"n\":\"é\"}", "Idempotency-Key", "k1")
                .body();
        JsonNode kept = JSON.readTree(undelivered().get(0).toFile());
        assertThat(kept.get("id")).isEqualTo(JSON.readTree(answer).get("id"));
        assertThat(kept.get("topic").textValue()).isEqualTo("orders/eu");
        assertThat(kept.get("event").textValue()).isEqualTo("created");
        assertThat(kept.get("data").textValue()).isEqualTo("{\"n\":\"é\"}");
        assertThat(kept.get("idempotencyKey").textValue()).isEqualTo("k1");
        assertThat(kept.get("failure").textValue()).contains("500");
        try (Follower follower = gateway.follow("orders/eu")) {
            assertThat(follower.data(1)).containsExactly("{\"n\":\"é\"}");
        }
    }

    @Test
    void movedIntoTheInboxItGoesToTheRelayOnceMoreAndNowhereElse() throws Exception {
        status = 503;
        byte[] binary = {0, (byte) 0xff};
        gateway.post("/ingest/orders/eu", binary);
        status = 200;
        Path file = undelivered().get(0);
        Files.move(file, gateway.inbox().resolve(file.getFileName()));
        await().atMost(Duration.ofSeconds(20)).until(() -> posts.size() == 2);
        assertThat(posts.get(1)).isEqualTo(posts.get(0));
        assertThat(undelivered()).isEmpty();
        gateway.post("/ingest/orders/eu", "last");
        try (Follower follower = gateway.follow("orders/eu")) {
            assertThat(follower.data(2)).containsExactly("AP8=", "last");
        }
    }

    @Test
    void oneThatWasNeverPublishedIsPublishedToItsTopicByTheInbox() throws Exception {
        gateway.drop(
                "x.undelivered.json",
                "{\"topic\":\"orders/late\",\"event\":\"created\",\"data\":\"x\",\"idempotencyKey\":\"k\",\"failure\":\"y\"}");
        try (Follower follower = gateway.follow("orders/late")) {
            JsonNode event = follower.events(1).get(0);
            assertThat(event.get("event").textValue()).isEqualTo("created");
            assertThat(event.get("data").textValue()).isEqualTo("x");
        }
    }

    @Test
    void aBrokenFileFailsWithTheReason() throws Exception {
        gateway.drop("half.undelivered.json", "{\"topic\":");
        gateway.drop("empty.undelivered.json", "{}");
        Path failed = gateway.inbox().resolve(".failed");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.exists(failed.resolve("half.undelivered.json"))
                        && Files.exists(failed.resolve("empty.undelivered.json")));
        assertThat(failed.resolve("half.undelivered.json.reason.txt")).content().contains("not valid JSON");
        assertThat(failed.resolve("empty.undelivered.json.reason.txt"))
                .content()
                .contains("topic and data");
    }

    /** Nothing may be lost in silence: who sent it has to keep it. */
    @Test
    void oneThatCannotBeKeptEitherIsNotAcknowledged() throws Exception {
        status = 500;
        Files.writeString(gateway.undelivered(), "a file where the folder should be");
        assertThat(gateway.post("/ingest/orders", "x").statusCode()).isEqualTo(503);
    }

    /** A timer cannot be asked again. */
    @Test
    void oneOfASourceThatCannotRepeatItIsKept(@TempDir Path own) throws Exception {
        try (RunningGateway strict = RunningGateway.in(own)
                .with("clock.period", "1h")
                .with("camel.component.push.max-event", "10")
                .start()) {
            await().atMost(Duration.ofSeconds(20)).until(() -> !kept(strict).isEmpty());
            JsonNode event = JSON.readTree(kept(strict).get(0).toFile());
            assertThat(event.has("id")).isFalse();
            assertThat(event.get("topic").textValue()).isEqualTo("clock");
            assertThat(event.get("data").textValue()).endsWith("Z");
            assertThat(event.get("failure").textValue()).contains("max-event=10");
        }
    }
}
