package org.needle.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Browsers and Node on every hostile network, all at the same time; the figures go into the matrix. */
@Tag("clients")
class ClientsInTheLab {
    private static final Duration BOUND = Duration.ofMinutes(4);
    private static final ExecutorService RUNNERS = Executors.newCachedThreadPool();
    private static final Map<String, CompletableFuture<NodeRun>> RUNS = new TreeMap<>();
    private static final Desk DESK = new Desk();

    @BeforeAll
    static void runAll() {
        for (String client : new String[] {"eventsource"}) {
            RUNS.put(
                    client, CompletableFuture.supplyAsync(() -> NodeRun.of(client + ".lab.mjs", DESK, BOUND), RUNNERS));
        }
    }

    @AfterAll
    static void stop() {
        RUNNERS.shutdownNow();
        DESK.close();
    }

    @ParameterizedTest
    @Timeout(300)
    @ValueSource(strings = {"eventsource"})
    void getEverythingOnceAndInOrder(String client) {
        CompletableFuture<NodeRun> run = RUNS.get(client);
        assertThat(run).isNotNull();
        run.join().assertPassed();
    }
}
