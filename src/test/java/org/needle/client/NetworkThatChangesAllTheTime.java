package org.needle.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.needle.conformance.OpenEdge;
import org.needle.lab.Lab;
import org.needle.lab.Profile;
import org.needle.path.Rung;

/** Under a running client, at 1,000 events a second. */
@Tag("lab")
@ResourceLock(value = "lab", mode = ResourceAccessMode.READ)
@Timeout(300)
class NetworkThatChangesAllTheTime {
    private static final int CHANGES = 200;
    private static final int RATE = 1_000;
    private static final int PROBE_MS = 2_000;
    private static final List<String> PROFILES = List.of(
            "clear",
            "buffer-response",
            "buffer-4k",
            "late-by-one",
            "cork-200ms",
            "scan-tls",
            "scan-tls-no-ws",
            "strip-upgrade",
            "reset-upgrade",
            "drop-upgrade",
            "kill-after-101",
            "swallow",
            "deny-event-stream",
            "get-only",
            "strip-headers",
            "idle-cut-4s",
            "max-life-5s",
            "max-life-5s-rst",
            "rewrite",
            "http10",
            "blip-502");

    private static final List<Lab.Old> OLD = List.of(Lab.Old.LOST, Lab.Old.STRANDED, Lab.Old.STAY);

    private final OpenEdge edge = OpenEdge.start(plan -> plan.keeping(1_000_000));

    @AfterEach
    void stop() {
        edge.close();
    }

    @Test
    void losesNothingAndRepeatsNothingAndComesBackUp() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Diary.Run run = Diary.Run.behind(
                Profile.named("clear"),
                edge,
                RATE,
                following -> following.by(following.plan().probing(PROBE_MS)))) {
            Diary diary = run.diary();
            for (int change = 0; change < CHANGES; change++) {
                Duration pause = Duration.ofMillis(100 + random.nextInt(900));
                await().pollDelay(pause).atMost(pause.plusSeconds(5)).until(() -> true);
                Lab.Old old = OLD.get(random.nextInt(OLD.size()));
                run.lab().change(Profile.named(PROFILES.get(random.nextInt(PROFILES.size()))), old);
            }
            run.lab().change(Profile.named("clear"));
            run.follower().networkChanged();
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () -> assertThat(diary.on()).as(diary.story()).isEqualTo(Rung.SSE));
            long published = run.pump().stop();
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(diary.count())
                    .as("seed " + seed + "\n" + diary.story())
                    .isEqualTo(published));
            diary.assertWhole(published);
        }
    }
}
