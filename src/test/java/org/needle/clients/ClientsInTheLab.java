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

/** Browsers and Node on every hostile network, file by file; figures go into the matrix. */
@Tag("clients")
@Tag("lab")
@ResourceLock("lab")
class ClientsInTheLab {
    /** Side by side as much as a machine with two processors can do; each row one after the other, what looks at first moments first. */
    private static final List<List<String>> ROWS = List.of(
            List.of("needle-chromium.lab.mjs", "eventsource.lab.mjs", "doctor.lab.mjs"),
            List.of("needle-trouble.lab.mjs", "needle-node.lab.mjs", "needle-changes.lab.mjs", "middleboxes.lab.mjs"));

    static final List<String> FILES = ROWS.stream().flatMap(List::stream).toList();
    private static final Duration BOUND = Duration.ofMinutes(4);
    private static final ExecutorService RUNNERS = Executors.newFixedThreadPool(ROWS.size());

    private static final Map<String, CompletableFuture<NodeRun>> RUNS = new TreeMap<>();
    private static final Desk DESK = new Desk();

    @BeforeAll
    static void runAll() {
        for (List<String> row : ROWS) {
            CompletableFuture<?> before = CompletableFuture.completedFuture(null);
            for (String file : row) {
                CompletableFuture<NodeRun> run =
                        before.handleAsync((done, failed) -> NodeRun.of(file, DESK, BOUND), RUNNERS);
                RUNS.put(file, run);
                before = run;
            }
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
