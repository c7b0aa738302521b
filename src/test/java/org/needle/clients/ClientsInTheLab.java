package org.needle.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Browsers and Node on every hostile network, file by file; the figures go into the matrix. */
@Tag("clients")
@Tag("lab")
@ResourceLock("lab")
class ClientsInTheLab {
    static final List<String> FILES = List.of(
            "eventsource.lab.mjs",
            "chromium-plain.test.mjs",
            "doctor.test.mjs",
            "needle-chromium.test.mjs",
            "needle-profiles.test.mjs");
    private static final Duration BOUND = Duration.ofMinutes(4);
    private static final ExecutorService RUNNERS = Executors.newSingleThreadExecutor();
    private static final Map<String, CompletableFuture<NodeRun>> RUNS = new TreeMap<>();
    private static final Desk DESK = new Desk();

    @BeforeAll
    static void runAll() {
        for (String file : FILES) {
            RUNS.put(file, CompletableFuture.supplyAsync(() -> NodeRun.of(file, DESK, BOUND), RUNNERS));
        }
    }

    @AfterAll
    static void stop() {
        RUNNERS.shutdownNow();
        DESK.close();
    }

    @ParameterizedTest
    @Timeout(900)
    @FieldSource("FILES")
    void getEverythingOnceAndInOrder(String file) {
        CompletableFuture<NodeRun> run = RUNS.get(file);
        assertThat(run).isNotNull();
        run.join().assertPassed();
    }
}
