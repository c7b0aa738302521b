package org.needle.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.needle.camel.UnreachedException;
import org.needle.cli.Follower;
import org.needle.cli.RunningGateway;
import org.needle.edge.Transport;

/** The files in {@code src/docs/recipes}, copied into {@code routes/} as the page tells. */
class FallbackRecipes {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    private Path folder;

    private RelayDouble relay;
    private RunningGateway gateway;

    @BeforeEach
    void listen() throws IOException {
        relay = new RelayDouble();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        if (gateway != null) {
            gateway.close();
        }
        relay.close();
    }

    static List<Path> recipes() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/docs/recipes"))) {
            return files.sorted().toList();
        }
    }

    /** With all recipes, which do not stand in each other's way, but the one that needs a broker. */
    private void start(String... properties) throws Exception {
        RunningGateway.Plan plan =
                RunningGateway.in(folder).routes().with("queue.name", "").with("fallback.url", relay.url());
        for (Path recipe : recipes()) {
            if (!recipe.endsWith("kafka.camel.yaml")) {
                Files.copy(recipe, folder.resolve("routes").resolve(recipe.getFileName()));
            }
        }
        for (int i = 0; i < properties.length; i += 2) {
            plan.with(properties[i], properties[i + 1]);
        }
        gateway = plan.start();
    }

    private Listener listener() {
        Listener listener = Listener.to(gateway, "t");
        open.add(listener);
        return listener;
    }

    private Deaf deaf(Transport transport) {
        Deaf deaf = Deaf.by(transport, gateway, "t");
        open.add(deaf);
        return deaf;
    }

    private CompletableFuture<Exchange> begin(String recipe, String body) {
        ProducerTemplate template = gateway.context().createProducerTemplate();
        open.add(template);
        return template.asyncSend("direct:" + recipe, exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeader("CamelPushTopic", "t");
        });
    }

    /** The exchange when it is through: it must not have failed, and must go on with the body it came with. */
    private Exchange send(String recipe, String body) throws Exception {
        Exchange exchange = begin(recipe, body).get(30, TimeUnit.SECONDS);
        assertThat(exchange.getException()).isNull();
        assertThat(exchange.isRouteStop()).isFalse();
        assertThat(exchange.getMessage().getBody(String.class)).isEqualTo(body);
        return exchange;
    }

    private List<JsonNode> undelivered() throws IOException {
        return undelivered(gateway);
    }

    static List<JsonNode> undelivered(RunningGateway gateway) throws IOException {
        List<JsonNode> kept = new ArrayList<>();
        if (Files.exists(gateway.undelivered())) {
            try (Stream<Path> files = Files.list(gateway.undelivered())) {
                for (Path file : files.sorted().toList()) {
                    kept.add(JSON.readTree(file.toFile()));
                }
            }
        }
        return kept;
    }

    private List<String> kept() {
        try (Follower follower = gateway.follow("t")) {
            return follower.data(1);
        }
    }

    private static void pause(long ms) {
        Duration time = Duration.ofMillis(ms);
        await().pollDelay(time).atMost(time.plusSeconds(5)).until(() -> true);
    }

    @Test
    void areAllTold() throws Exception {
        String page = Files.readString(Path.of("src/docs/fallback.md"));
        for (Path recipe : recipes()) {
            assertThat(page).contains("(recipes/" + recipe.getFileName() + ")");
        }
    }

    @Test
    void failoverIsDoneWithTheFirstLegThatReachesEverybody() throws Exception {
        start();
        Listener anne = listener();
        send("failover", "1");
        assertThat(anne.data()).containsExactly("1");
        assertThat(relay.posts()).isEmpty();
        assertThat(undelivered()).isEmpty();
    }

    @Test
    void failoverGivesWhoIsLeftTimeOnTheSecondLeg() throws Exception {
        start("fallback.sse-time", "500ms", "fallback.websocket-time", "20s");
        Deaf bert = deaf(Transport.WEBSOCKET);
        CompletableFuture<Exchange> sent = begin("failover", "1");
        pause(1_000); // the first leg has given up
        assertThat(sent).isNotDone();
        bert.confirm();
        assertThat(sent.get(20, TimeUnit.SECONDS).getException()).isNull();
        assertThat(bert.events()).isEqualTo(1);
        assertThat(relay.posts()).isEmpty();
    }

    @Test
    void failoverGivesTheRelayWhatSomebodyHasNotConfirmedAndKeepsWhatItDoesNotTake() throws Exception {
        start("fallback.sse-time", "200ms", "fallback.websocket-time", "200ms");
        Listener anne = listener();
        Deaf bert = deaf(Transport.SSE);
        Exchange first = send("failover", "1");
        assertThat(relay.posts()).extracting(RelayDouble.Post::data).containsExactly("1");
        assertThat(undelivered()).isEmpty();
        relay.answers(503);
        send("failover", "2");
        assertThat(undelivered()).hasSize(1);
        assertThat(undelivered().get(0).path("data").asText()).isEqualTo("2");
        assertThat(undelivered().get(0).path("failure").asText()).contains("answered 503");
        assertThat(first.getMessage().getHeader("CamelPushTopic")).isEqualTo("t");
        assertThat(anne.data()).containsExactly("1", "2");
        assertThat(bert.events()).isEqualTo(2);
        assertThat(kept()).containsExactly("1", "2");
    }

    @Test
    void aWebhookIsCalledForEachWhoHasNotConfirmedAndForNobodyElse() throws Exception {
        start("fallback.time", "300ms");
        Listener anne = listener();
        Deaf bert = deaf(Transport.SSE);
        Deaf carl = deaf(Transport.WEBSOCKET);
        Exchange exchange = send("webhook-for-each", "1");
        String id = exchange.getMessage().getHeader("CamelPushEventId", String.class);
        assertThat(relay.posts()).extracting(RelayDouble.Post::session).containsExactlyInAnyOrder(bert.id(), carl.id());
        assertThat(relay.posts())
                .extracting(RelayDouble.Post::key)
                .containsExactlyInAnyOrder(id + "/" + bert.id(), id + "/" + carl.id());
        assertThat(relay.posts()).allSatisfy(post -> {
            assertThat(post.data()).isEqualTo("1");
            assertThat(post.event().path("id").asText()).isEqualTo(id);
            assertThat(post.event().path("topic").asText()).isEqualTo("t");
        });
        assertThat(anne.data()).containsExactly("1");
        assertThat(undelivered()).isEmpty();
    }

    @Test
    void aCallThatFailsIsKeptWithItsSessionAndMovedBackCalledAgainForThatOne() throws Exception {
        RunningGateway.in(folder).routes();
        Path route = folder.resolve("routes/files.camel.yaml");
        Files.writeString(route, Files.readString(route).replace("direct:fanout", "direct:webhook-for-each"));
        start("fallback.time", "300ms");
        Deaf bert = deaf(Transport.SSE);
        relay.answers(500);
        send("webhook-for-each", "1");
        assertThat(undelivered()).hasSize(1);
        assertThat(undelivered().get(0).path("session").asText()).isEqualTo(bert.id());
        relay.answers(204);
        try (Stream<Path> files = Files.list(gateway.undelivered())) {
            Path file = files.findFirst().orElseThrow();
            Files.createDirectories(gateway.inbox());
            Files.move(file, gateway.inbox().resolve(file.getFileName()));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> relay.posts().size() == 2);
        assertThat(relay.posts().get(1).event()).isEqualTo(relay.posts().get(0).event());
        assertThat(relay.posts().get(1).key()).isEqualTo(relay.posts().get(0).key());
        assertThat(bert.events()).isEqualTo(1);
    }

    @Test
    void aBreakerThatIsOpenPublishesAndAsksTheRelayAtOnceAndTriesAgain() throws Exception {
        start("fallback.time", "3s", "fallback.window", "2", "fallback.open-time", "5", "fallback.tries", "1");
        Deaf bert = deaf(Transport.WEBSOCKET);
        List<String> sent = new ArrayList<>();
        for (String closed : List.of("closed 1", "closed 2")) {
            sent.add(closed);
            assertThat(send("circuit-breaker", closed).getProperty(Exchange.EXCEPTION_CAUGHT))
                    .isInstanceOf(UnreachedException.class);
        }
        for (int i = 0; i < 5; i++) {
            sent.add("open " + i);
            Exchange exchange = send("circuit-breaker", "open " + i);
            assertThat(exchange.getProperty("CamelCircuitBreakerResponseFromFallback"))
                    .isEqualTo(true);
            assertThat(exchange.getProperty(Exchange.EXCEPTION_CAUGHT))
                    .as("nobody was waited for in vain")
                    .isNull();
        }
        assertThat(relay.posts()).extracting(RelayDouble.Post::data).containsExactlyElementsOf(sent);
        pause(5_500); // the breaker lets one event try
        CompletableFuture<Exchange> tries = begin("circuit-breaker", "half open");
        await().pollInterval(Duration.ofMillis(20)).until(() -> bert.events() == 8);
        bert.confirm();
        Exchange tried = tries.get(20, TimeUnit.SECONDS);
        assertThat(tried.getException()).isNull();
        assertThat(tried.getProperty("CamelCircuitBreakerResponseFromFallback")).isNotEqualTo(true);
        assertThat(relay.posts()).hasSameSizeAs(sent);
        sent.add("half open");
        assertThat(kept()).containsExactlyElementsOf(sent);
    }

    @Test
    void whatTheRelayDoesNotTakeFromABreakerIsKept() throws Exception {
        start("fallback.time", "300ms", "fallback.window", "2", "fallback.open-time", "20");
        Deaf bert = deaf(Transport.WEBSOCKET);
        relay.answers(503);
        for (int i = 0; i < 4; i++) { // the last two while it is open
            send("circuit-breaker", "" + i);
        }
        assertThat(undelivered()).extracting(file -> file.path("data").asText()).containsExactly("0", "1", "2", "3");
        assertThat(relay.posts()).hasSize(4);
        await().until(() -> bert.events() == 4);
    }

    @Test
    void anEventIsPublishedOnceHoweverOftenItIsWaitedForLater() throws Exception {
        start("fallback.time", "300ms", "fallback.pause", "300", "fallback.retries", "2");
        Listener anne = listener();
        Deaf bert = deaf(Transport.SSE);
        long begun = System.nanoTime();
        send("retry-later", "1");
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("three times 300 ms, a pause of 300 ms and one of 600")
                .isGreaterThan(Duration.ofMillis(1_750));
        assertThat(undelivered()).hasSize(1);
        assertThat(undelivered().get(0).path("failure").asText()).contains("1 of 2 sessions");
        CompletableFuture<Exchange> sent = begin("retry-later", "2");
        pause(500); // given up once
        await().until(() -> bert.events() == 2);
        bert.confirm();
        assertThat(sent.get(20, TimeUnit.SECONDS).getException()).isNull();
        assertThat(undelivered()).hasSize(1);
        assertThat(anne.data()).containsExactly("1", "2");
        assertThat(kept()).containsExactly("1", "2");
    }
}
