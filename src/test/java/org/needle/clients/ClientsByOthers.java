package org.needle.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
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
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients by others and our own NeedleSource, each in a Node process of its own; three run at a time. Each test looks at the outcome of one. */
@Isolated("its clients and times need the machine")
@Tag("clients")
class ClientsByOthers {
    private static final Duration BOUND = Duration.ofMinutes(4);
    private static final ExecutorService RUNNERS = Executors.newFixedThreadPool(3);
    private static final Map<String, CompletableFuture<NodeRun>> RUNS = new TreeMap<>();
    private static final Desk DESK = new Desk();

    @BeforeAll
    static void runAll() throws IOException {
        try (var files = Files.list(NodeRun.HOME)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".test.mjs"))
                    .forEach(name -> RUNS.put(
                            name, CompletableFuture.supplyAsync(() -> NodeRun.of(name, DESK, BOUND), RUNNERS)));
        }
    }

    @AfterAll
    static void stop() {
        RUNNERS.shutdownNow();
        DESK.close();
    }

    @ParameterizedTest
    @Timeout(300)
    @ValueSource(
            strings = {
                "chromium",
                "chromium-tls",
                "eventsource",
                "eventsource-client",
                "fetch-event-source",
                "lab",
                "launchdarkly-eventsource",
                "needle",
                "needle-chromium",
                "tls",
                "undici",
                "vectors",
                "ws"
            })
    void getEverythingOnceAndInOrder(String client) {
        CompletableFuture<NodeRun> started = RUNS.get(client + ".test.mjs");
        assertThat(started).as("a file of tests for %s", client).isNotNull();
        started.join().assertPassed();
    }
}
