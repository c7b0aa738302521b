package org.needle.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.needle.client.Dial;
import org.needle.client.Follower;
import org.needle.client.Following;
import org.needle.client.ProxyAddress;
import org.needle.conformance.HostileNetwork;
import org.needle.conformance.OpenEdge;
import org.needle.conformance.TestKeys;
import org.needle.lab.LabOptions;
import org.needle.lab.Profile;
import org.needle.path.Rung;

/** The follower, which {@code needle tail} and the routes use, on every hostile network, ten at a time; figures go into the matrix. */
@Tag("lab")
@ResourceLock(value = "lab", mode = ResourceAccessMode.READ)
class FollowerInTheLab {
    private static final int RATE = 10;
    private static final int AT_A_TIME = 10;

    private static final ExecutorService RUNNERS = Executors.newFixedThreadPool(AT_A_TIME);
    private static final Map<String, CompletableFuture<Travel>> TRAVELS = new TreeMap<>();
    private static final Flows FLOWS = new Flows();

    private static OpenEdge edge;
    private static JsonNode expected;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        Dial.allowCredentialsInTunnels();
        expected = new ObjectMapper()
                .readTree(FollowerInTheLab.class.getResource("/lab/expected.json"))
                .get("profiles");
        edge = OpenEdge.start(plan -> plan.tls(new TestKeys(folder).keys()));
        warmUp(options -> options);
        warmUp(LabOptions::tls);
        List<String> longestFirst = Profile.names().stream()
                .sorted(Comparator.comparing(name -> -seconds(name)))
                .toList();
        for (int i = 0; i < longestFirst.size(); i++) {
            String name = longestFirst.get(i);
            Executor one =
                    CompletableFuture.delayedExecutor(i, TimeUnit.SECONDS, RUNNERS); // not all in the same moment
            TRAVELS.put(name, CompletableFuture.supplyAsync(() -> travel(name), one));
        }
    }

    @AfterAll
    static void stop() {
        RUNNERS.shutdownNow();
        FLOWS.close();
        edge.close();
    }

    /** The first requests of a JVM take seconds. */
    private static void warmUp(UnaryOperator<LabOptions> changes) {
        Travel travel = new Travel(1_000);
        HostileNetwork network = HostileNetwork.open("clear", edge.port(), changes);
        Following following = Following.of(URI.create(network.url()), "warm").through(way(network, false));
        try (network;
                Follower follower = Follower.start(following, travel, Travel.TIMES)) {
            FLOWS.start(() -> edge, "warm", 0, 500, RATE);
            await().atMost(Duration.ofSeconds(25))
                    .until(() ->
                            follower.transport() == Rung.SSE && travel.cell().first() >= 0);
        }
    }

    private static int seconds(String profile) {
        JsonNode hopes = expected.get(profile);
        return hopes.get("seconds").asInt() + hopes.path("quiet").asInt();
    }

    private static Travel travel(String profile) {
        JsonNode hopes = expected.get(profile);
        int rate = hopes.path("rate").asInt(RATE);
        int last = rate * hopes.get("seconds").asInt();
        boolean proxied = hopes.has("proxy");
        int target = proxied ? edge.tlsPort() : edge.port();
        try (HostileNetwork network =
                HostileNetwork.open(profile, target, options -> hopes.has("tls") ? options.tls() : options)) {
            String topic = "follower/" + profile;
            Travel travel = new Travel(last + 1);
            FLOWS.start(() -> edge, topic, 0, last, rate);
            Following following = Following.of(URI.create(proxied ? "https://needle.test" : network.url()), topic)
                    .through(way(network, proxied));
            Follower follower = Follower.start(following, travel, Travel.TIMES);
            travel.await(Duration.ofSeconds(seconds(profile)));
            FLOWS.start(() -> edge, topic, last, last + 1, rate);
            travel.await(Duration.ofSeconds(60));
            follower.close();
            travel.asked(network.lab().seen());
            return travel;
        }
    }

    private static Dial.Settings way(HostileNetwork network, boolean proxied) {
        ProxyAddress proxy = proxied ? ProxyAddress.of("http://user:secret@127.0.0.1:" + network.port()) : null;
        return new Dial.Settings(proxy, TestKeys.trusting(), Duration.ofSeconds(10));
    }

    static Stream<String> profiles() {
        return Profile.names().stream();
    }

    @ParameterizedTest
    @Timeout(240)
    @MethodSource("profiles")
    void getsEverythingOnceAndInOrderAndAsSoonAsThePathLetsIt(String profile) {
        Travel travel = TRAVELS.get(profile).join();
        LabMatrix.Cell cell = travel.cell();
        LabMatrix.put(profile, "needle tail", cell);
        JsonNode hopes = expected.get(profile);
        String story = travel.story();
        assertThat(cell.first()).as(story).isBetween(0L, bound(hopes, "first"));
        assertThat(cell.lost()).as("lost: %s", story).isZero();
        assertThat(cell.doubled()).as("doubled: %s", story).isZero();
        assertThat(travel.isInOrder()).as(story).isTrue();
        assertThat(cell.proved()).as(story).isBetween(0L, bound(hopes, "proved"));
        List<String> rungs = words(hopes.get("rungs"));
        assertThat(travel.reached(rungs)).as(story).isBetween(0L, bound(hopes, "best"));
        assertThat(rungs).as(story).contains(cell.transport());
        assertThat(cell.late()).as(story).isLessThanOrEqualTo(bound(hopes, "late"));
        assertThat(travel.worst()).as(story).isLessThanOrEqualTo(bound(hopes, "worst"));
        assertThat(travel.streams()).as(story).isLessThanOrEqualTo(bound(hopes, "streams"));
        assertThat(travel.isTroubled() || !hopes.has("trouble")).as(story).isTrue();
        hopes.path("verdicts").properties().forEach(each -> assertThat(travel.found(each.getKey()))
                .as("%s: %s", each.getKey(), story)
                .containsAnyElementsOf(words(each.getValue())));
    }

    private static long bound(JsonNode hopes, String name) {
        return hopes.path(name).asLong(Long.MAX_VALUE);
    }

    private static List<String> words(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
