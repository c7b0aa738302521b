package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.needle.conformance.Ask.Carrier;
import org.needle.edge.Transport;

/**
 * A subscriber leaves one transport at any event and goes on over another one from its position, again and again, while
 * 1,000 events a second are published. Several pairs travel at a time; each test looks at one of them.
 */
class SubscriberThatChangesTransport {
    private static final long SEED = Long.getLong("needle.seed", 20260101L);
    /** More would only measure how well two cores carry them. */
    private static final int AT_A_TIME = 8;

    private static final int LEGS = 6;
    private static final int LONGEST_LEG = 250;

    private static final OpenEdge EDGE = OpenEdge.start();
    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor();
    private static final ExecutorService TRAVELLERS = Executors.newFixedThreadPool(AT_A_TIME);
    private static final AtomicLong PUBLISHED = new AtomicLong();
    private static final Map<Way, CompletableFuture<List<Frame>>> JOURNEYS = new LinkedHashMap<>();

    /** From which transport to which, and what the position travels in. */
    record Way(Transport from, Transport to, Carrier carrier) {}

    static Stream<Way> ways() {
        return Stream.of(Transport.values())
                .flatMap(from -> Stream.of(Transport.values())
                        .flatMap(to -> Stream.of(Carrier.values()).map(carrier -> new Way(from, to, carrier))))
                .filter(way -> way.carrier() != Carrier.FRAME
                        || way.from() == Transport.WEBSOCKET
                        || way.to() == Transport.WEBSOCKET);
    }

    @BeforeAll
    static void travel() {
        System.out.println("needle.seed=" + SEED);
        CLOCK.scheduleAtFixedRate(SubscriberThatChangesTransport::publish, 0, 1, TimeUnit.MILLISECONDS);
        Random seeds = new Random(SEED);
        ways().forEach(way -> {
            Random random = new Random(seeds.nextLong());
            JOURNEYS.put(way, CompletableFuture.supplyAsync(() -> journey(way, random), TRAVELLERS));
        });
    }

    @AfterAll
    static void stop() {
        CLOCK.shutdownNow();
        TRAVELLERS.shutdownNow();
        EDGE.close();
    }

    private static void publish() {
        EDGE.publish("travel/" + PUBLISHED.get() % 3, Long.toString(PUBLISHED.getAndIncrement()));
    }

    private static List<Frame> journey(Way way, Random random) {
        List<Frame> seen = new ArrayList<>();
        Ask ask = Ask.of(EDGE.port(), "travel/**");
        for (int leg = 0; leg < LEGS; leg++) {
            Transport transport = leg % 2 == 0 ? way.from() : way.to();
            int count = 1 + random.nextInt(LONGEST_LEG);
            Ask next = leg == 0 ? ask : ask.from(position(seen), carrier(way, transport));
            try (Subscriber subscriber = Subscriber.open(transport, next.with("envelope=json", "wait=5"), count)) {
                seen.addAll(subscriber.awaitEvents(count));
                assertThat(subscriber.hello().json().path("recovered").asBoolean())
                        .as("recovered on leg %s of %s", leg, way)
                        .isTrue();
                assertThat(subscriber.controls("gap")).isEmpty();
            }
        }
        return seen;
    }

    private static String position(List<Frame> seen) {
        return seen.get(seen.size() - 1).id();
    }

    /** Only a WebSocket has a first frame; the other half of the way then takes the header. */
    private static Carrier carrier(Way way, Transport transport) {
        boolean impossible = way.carrier() == Carrier.FRAME && transport != Transport.WEBSOCKET;
        return impossible ? Carrier.HEADER : way.carrier();
    }

    @ParameterizedTest
    @Timeout(150)
    @MethodSource("ways")
    void losesAndRepeatsNothing(Way way) {
        List<Frame> seen = JOURNEYS.get(way).orTimeout(120, TimeUnit.SECONDS).join();
        List<Long> numbers = seen.stream().map(f -> Long.parseLong(f.data())).toList();
        long first = numbers.get(0);
        List<Long> expected =
                Stream.iterate(first, n -> n + 1).limit(numbers.size()).toList();
        assertThat(numbers).as("seed %s", SEED).isEqualTo(expected);
        assertThat(seen).allSatisfy(f -> assertThat(f.topic()).isEqualTo("travel/" + Long.parseLong(f.data()) % 3));
    }
}
