package org.needle.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.needle.cli.Ports;
import org.needle.conformance.OpenEdge;
import org.needle.lab.Dark;
import org.needle.lab.DelayChunks;
import org.needle.lab.Profile;
import org.needle.path.Rung;
import org.needle.path.Verdict;

/** What looks like a block and is none: nobody is demoted, and nobody storms. */
@Tag("lab")
@ResourceLock(value = "lab", mode = ResourceAccessMode.READ)
@Execution(ExecutionMode.CONCURRENT)
@Timeout(120)
class TroubleThatIsNoBlock {
    private static final long MOST_IN_A_MINUTE = 10;
    private static final Profile CLEAR = Profile.named("clear");

    private final OpenEdge edge = OpenEdge.start(plan -> plan.port(Ports.free()));

    @AfterEach
    void stop() {
        edge.close();
    }

    private Diary.Run run(Profile profile) throws Exception {
        return Diary.Run.behind(profile, edge, 10, following -> following);
    }

    /** Back on the best rung, nothing lost, nothing held against any rung. */
    private static void assertUnharmed(Diary.Run run) throws Exception {
        Diary diary = run.diary();
        diary.awaitRung(Rung.SSE);
        run.assertWhole();
        assertThat(diary.verdicts().values())
                .as(diary.story())
                .allMatch(
                        verdict -> verdict == Verdict.CLEAR || verdict == Verdict.CUT_AT || verdict == Verdict.DELAYED);
    }

    /** How often it has asked for something; receipts are no questions. */
    private static long asked(Diary.Run run) {
        return run.lab().seen().stream()
                .filter(seen -> !seen.uri().startsWith("/receipts"))
                .count();
    }

    private static void pass(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(5)).until(() -> true);
    }

    private static Profile dark(long... periods) {
        return Profile.of("dark", "dark", new Dark(List.of(new Dark.Period(periods[0], periods[1]))));
    }

    @Test
    void aCaptivePortalIsWaitedFor() throws Exception {
        try (Diary.Run run = run(Profile.named("captive-portal"))) {
            Diary diary = run.diary();
            diary.awaitCount(1);
            assertThat(diary.firstEvent()).as(diary.story()).isBetween(9_000L, 16_000L);
            assertThat(diary.troubles()).as(diary.story()).isNotEmpty();
            assertUnharmed(run);
            assertThat(asked(run)).as(diary.story()).isLessThanOrEqualTo(MOST_IN_A_MINUTE);
        }
    }

    @Test
    void badGatewaysForFiveSecondsAreWaitedFor() throws Exception {
        try (Diary.Run run = run(CLEAR)) {
            run.diary().awaitRung(Rung.SSE);
            run.lab().change(Profile.named("blip-502"));
            run.diary().awaitCount(run.diary().count() + 80);
            assertUnharmed(run);
        }
    }

    @Test
    void aTunnelFromTheStartIsWaitedFor() throws Exception {
        try (Diary.Run run = run(dark(0, 4_000))) {
            run.diary().awaitCount(100);
            assertUnharmed(run);
        }
    }

    @Test
    void thirtySecondsOfflineAreWaitedForWithAFewRequests() throws Exception {
        try (Diary.Run run = run(CLEAR)) {
            run.diary().awaitRung(Rung.SSE);
            run.lab().change(dark(0, 30_000));
            long before = run.lab().connections();
            pass(Duration.ofSeconds(28));
            assertThat(run.lab().connections() - before).as(run.diary().story()).isLessThanOrEqualTo(MOST_IN_A_MINUTE);
            run.diary().awaitCount(run.diary().count() + 100);
            assertUnharmed(run);
        }
    }

    @Test
    void aRestartOfTheGatewayIsWaitedFor() throws Exception {
        int port = edge.port();
        try (Diary.Run run = run(CLEAR)) {
            run.diary().awaitRung(Rung.SSE);
            edge.close();
            try (OpenEdge again = edge.restart()) {
                run.diary().awaitCount(run.diary().count() + 60);
                assertUnharmed(run);
                assertThat(again.port()).isEqualTo(port);
            }
        }
    }

    @Test
    void aSlowReplyIsWaitedFor() throws Exception {
        try (Diary.Run run = run(Profile.of("slow", "slow", new DelayChunks(5_000)))) {
            run.diary().awaitCount(50);
            assertUnharmed(run);
            assertThat(asked(run)).as(run.diary().story()).isLessThanOrEqualTo(MOST_IN_A_MINUTE);
        }
    }
}
