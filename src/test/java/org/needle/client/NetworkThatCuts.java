package org.needle.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.needle.conformance.OpenEdge;
import org.needle.lab.Profile;
import org.needle.path.Rung;
import org.needle.path.Verdict;

/** Profiles that show their face only after a while. */
@Tag("lab")
@ResourceLock(value = "lab", mode = ResourceAccessMode.READ)
@Execution(ExecutionMode.CONCURRENT)
@Timeout(180)
class NetworkThatCuts {
    private static final Duration SHORT = Duration.ofSeconds(2);

    private final OpenEdge edge = OpenEdge.start(plan -> plan.heartbeat(SHORT));

    @AfterEach
    void stop() {
        edge.close();
    }

    private static void wait(Diary diary, Duration time) {
        await().pollDelay(time)
                .atMost(time.plusSeconds(10))
                .untilAsserted(() -> assertThat(diary.on()).as(diary.story()).isNotNull());
    }

    @Test
    void bySilenceIsStableAfterTwoCuts() throws Exception {
        try (OpenEdge slow = OpenEdge.start();
                Diary.Run run = Diary.Run.behind(Profile.named("idle-cut-4s"), slow, 10, following -> following)) {
            Diary diary = run.diary();
            diary.awaitRung(Rung.SSE);
            run.assertWhole(); // from now on there is silence
            wait(diary, Duration.ofSeconds(30));
            long before = run.lab().connections();
            wait(diary, Duration.ofSeconds(12));
            assertThat(run.lab().connections() - before).as(diary.story()).isLessThanOrEqualTo(6);
            assertThat(diary.on()).as(diary.story()).isEqualTo(Rung.SSE);
        }
    }

    @Test
    void andTellsNobodyIsNoticedInTime() throws Exception {
        try (Diary.Run run = Diary.Run.behind(Profile.named("half-open"), edge, 10, following -> following)) {
            Diary diary = run.diary();
            diary.awaitCount(200);
            diary.awaitVerdict(Rung.SSE, Verdict.CUT_AT);
            diary.awaitCount(300);
            run.assertWhole();
            assertThat(diary.on()).as(diary.story()).isEqualTo(Rung.SSE);
        }
    }
}
