package org.needle.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.needle.conformance.OpenEdge;
import org.needle.lab.Profile;
import org.needle.path.Rung;
import org.needle.path.Verdict;

/** Each profile of the lab, with the follower behind it: where it ends up, how soon, and what it calls the network. */
@Tag("lab")
@TestInstance(Lifecycle.PER_CLASS)
class NetworkThatIsHostile {
    /** Ten events a second, for as long as the profile needs to show its face. */
    private static final int RATE = 10;

    private final OpenEdge edge = OpenEdge.start();

    /**
     * What is promised.
     *
     * @param best where the follower ends up, one of them
     */
    private record Promise(String profile, Set<Rung> best, Map<Rung, Verdict> verdicts, long events) {}

    private static final List<Promise> PROMISES = List.of(
            new Promise("clear", Set.of(Rung.SSE), Map.of(Rung.SSE, Verdict.CLEAR), 40),
            new Promise("buffer-response", Set.of(Rung.WEBSOCKET), Map.of(Rung.SSE, Verdict.HELD_TO_END), 40),
            new Promise("buffer-4k", Set.of(Rung.WEBSOCKET), Map.of(Rung.SSE, Verdict.HELD_TO_END), 40),
            new Promise("cork-200ms", Set.of(Rung.SSE), Map.of(), 40),
            new Promise("scan-tls", Set.of(Rung.WEBSOCKET), Map.of(Rung.SSE, Verdict.HELD_TO_END), 40),
            new Promise(
                    "scan-tls-no-ws",
                    Set.of(Rung.CYCLE, Rung.POLL),
                    Map.of(Rung.SSE, Verdict.HELD_TO_END, Rung.WEBSOCKET, Verdict.STRIPPED),
                    80),
            new Promise("strip-upgrade", Set.of(Rung.SSE), Map.of(Rung.SSE, Verdict.CLEAR), 40),
            new Promise("reset-upgrade", Set.of(Rung.SSE), Map.of(), 40),
            new Promise("drop-upgrade", Set.of(Rung.SSE), Map.of(), 40),
            new Promise("kill-after-101", Set.of(Rung.SSE), Map.of(), 40),
            new Promise("swallow", Set.of(Rung.POLL), Map.of(Rung.SSE, Verdict.SWALLOWED), 120),
            new Promise("deny-event-stream", Set.of(Rung.WEBSOCKET), Map.of(Rung.SSE, Verdict.BLOCKED), 40),
            new Promise("get-only", Set.of(Rung.SSE), Map.of(), 40),
            new Promise("strip-headers", Set.of(Rung.SSE), Map.of(Rung.SSE, Verdict.STRIPPED), 40),
            new Promise("rewrite", Set.of(Rung.WEBSOCKET), Map.of(Rung.SSE, Verdict.REWRITTEN), 60),
            new Promise("http10", Set.of(Rung.SSE), Map.of(Rung.SSE, Verdict.HTTP10), 40));

    @BeforeAll
    void warmUp() throws Exception {
        try (Diary.Run run = run("clear")) {
            run.diary().awaitRung(Rung.SSE);
        }
    }

    @AfterAll
    void stop() {
        edge.close();
    }

    @TestFactory
    Stream<DynamicTest> isFollowedOnTheBestRungThatItLetsThrough() {
        return PROMISES.stream().map(promise -> dynamicTest(promise.profile(), () -> keep(promise)));
    }

    private Diary.Run run(String profile) throws IOException {
        return Diary.Run.behind(Profile.named(profile), edge, RATE, following -> following);
    }

    private void keep(Promise promise) throws Exception {
        try (Diary.Run run = run(promise.profile())) {
            Diary diary = run.diary();
            diary.awaitCount(promise.events());
            diary.awaitProof(promise.best());
            promise.verdicts().forEach(diary::awaitVerdict);
            run.assertWhole();
            assertThat(diary.firstEvent()).as(diary.story()).isLessThan(1_000);
            assertThat(diary.firstProof()).as(diary.story()).isLessThan(3_000);
            assertThat(diary.lastSwitch()).as(diary.story()).isLessThan(10_000);
        }
    }
}
