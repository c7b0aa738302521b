package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A subscriber leaves one transport at any event and goes on over another one from its position, again and again, while
 * 1,000 events a second are published. Several pairs travel at a time; each test looks at one of them.
 */
@Isolated("its clients and times need the machine")
class SubscriberThatChangesTransport {
    private static final long SEED = Long.getLong("needle.seed", 20260101L);
    /** More would only measure how well two cores carry them. */
    private static final int AT_A_TIME = 8;

    private static final int LONGEST_LEG = 250;

    private static final OpenEdge EDGE = OpenEdge.start();
    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor();
    private static final ExecutorService TRAVELLERS = Executors.newFixedThreadPool(AT_A_TIME);
    private static final AtomicLong PUBLISHED = new AtomicLong();
    private static final Map<Journey, CompletableFuture<List<Frame>>> JOURNEYS = new LinkedHashMap<>();

    static Stream<Journey> ways() {
        return Journey.all();
    }

    @BeforeAll
    static void travel() {
        System.out.println("needle.seed=" + SEED);
        CLOCK.scheduleAtFixedRate(SubscriberThatChangesTransport::publish, 0, 1, TimeUnit.MILLISECONDS);
        Random seeds = new Random(SEED);
        Ask ask = Ask.of(EDGE.port(), "travel/**");
        ways().forEach(way -> {
            Random random = new Random(seeds.nextLong());
            JOURNEYS.put(way, CompletableFuture.supplyAsync(() -> way.travel(ask, random, LONGEST_LEG), TRAVELLERS));
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

    @ParameterizedTest
    @Timeout(150)
    @MethodSource("ways")
    void losesAndRepeatsNothing(Journey way) {
        List<Frame> seen = JOURNEYS.get(way).orTimeout(120, TimeUnit.SECONDS).join();
        Journey.assertWhole(seen);
        assertThat(seen).allSatisfy(f -> assertThat(f.topic()).isEqualTo("travel/" + Long.parseLong(f.data()) % 3));
    }
}
