package org.needle.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Browsers and Node on every hostile network, file by file; figures go into the matrix. */
@Tag("clients")
@Tag("lab")
@ResourceLock("lab")
class ClientsInTheLab {
    private static final List<String> BROWSERS = List.of(
            "eventsource.lab.mjs",
            "doctor.test.mjs",
            "middleboxes.lab.mjs",
            "chromium-plain.test.mjs",
            "needle-chromium.test.mjs");
    private static final List<String> NODE = List.of(
            "needle-node.lab.mjs", "needle-profiles.test.mjs", "needle-trouble.lab.mjs", "needle-changes.lab.mjs");
    static final List<String> FILES =
            Stream.concat(BROWSERS.stream(), NODE.stream()).toList();
    private static final Duration BOUND = Duration.ofMinutes(4);
    /** One file with Chromium at a time, which needs the machine, and one with Node beside it. */
    private static final List<ExecutorService> RUNNERS =
            List.of(Executors.newSingleThreadExecutor(), Executors.newSingleThreadExecutor());

    private static final Map<String, CompletableFuture<NodeRun>> RUNS = new TreeMap<>();
    private static final Desk DESK = new Desk();

    @BeforeAll
    static void runAll() {
        run(BROWSERS, RUNNERS.get(0));
        run(NODE, RUNNERS.get(1));
    }

    private static void run(List<String> files, ExecutorService runner) {
        for (String file : files) {
            RUNS.put(file, CompletableFuture.supplyAsync(() -> NodeRun.of(file, DESK, BOUND), runner));
        }
    }

    @AfterAll
    static void stop() {
        RUNNERS.forEach(ExecutorService::shutdownNow);
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
