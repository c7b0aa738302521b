package org.needle.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.needle.conformance.OpenEdge;
import org.needle.hub.SystemClock;
import org.needle.lab.Lab;
import org.needle.lab.LabOptions;
import org.needle.lab.Profile;
import org.needle.path.Finding;
import org.needle.path.Rung;
import org.needle.path.Verdict;
import org.needle.wire.ServerFrame;

/** What a follower brought, and when: events whose data is a number that counts up from 0. Any thread. */
final class Diary implements FollowListener {
    static final Times TIMES = new Times() {
        @Override
        public long steady() {
            return SystemClock.nanos() / 1_000_000;
        }

        @Override
        public long wall() {
            return SystemClock.millis();
        }
    };
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final long began = TIMES.steady();
    private final List<String> story = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private final Map<Rung, Verdict> verdicts = new LinkedHashMap<>();
    private long next;
    private int gaps;
    private @Nullable Rung on;
    private @Nullable Long firstEvent;
    private @Nullable Long firstProof;
    private long lastSwitch;
    private int switches;

    private long ms() {
        return TIMES.steady() - began;
    }

    private void tell(String what) {
        story.add(ms() + " ms: " + what);
    }

    @Override
    public synchronized void event(ServerFrame.Event event) {
        if (firstEvent == null) {
            firstEvent = ms();
            tell("first event");
        }
        if (!event.data().equals(Long.toString(next))) {
            wrong.add("expected " + next + ", got " + event.data());
            next = Long.parseLong(event.data());
        }
        next++;
    }

    @Override
    public synchronized void gap(ServerFrame.Hole gap) {
        gaps++;
        tell("gap " + gap);
    }

    @Override
    public synchronized void transport(Rung rung) {
        switches += rung == on ? 0 : 1;
        on = rung;
        lastSwitch = ms();
        firstProof = firstProof == null ? Long.valueOf(ms()) : firstProof;
        tell("on " + rung.label());
    }

    @Override
    public synchronized void verdict(Rung rung, Finding finding, String evidence) {
        Verdict verdict = finding.verdict();
        if (verdict != null) {
            verdicts.put(rung, verdict);
            tell(rung.label() + " is " + verdict.label() + " " + finding.number() + " " + evidence);
        }
    }

    @Override
    public synchronized void trouble(String reason) {
        troubles.add(reason);
        tell("trouble: " + reason);
    }

    @Override
    public synchronized void refused(int status, String title) {
        troubles.add(status + " " + title);
        tell("refused: " + status + " " + title);
    }

    // ---- what a test asks ----

    synchronized long count() {
        return next;
    }

    synchronized @Nullable Rung on() {
        return on;
    }

    synchronized long firstEvent() {
        return firstEvent == null ? Long.MAX_VALUE : firstEvent;
    }

    synchronized long firstProof() {
        return firstProof == null ? Long.MAX_VALUE : firstProof;
    }

    /** How often it changed to another rung. */
    synchronized int switches() {
        return switches;
    }

    synchronized long lastSwitch() {
        return lastSwitch;
    }

    synchronized @Nullable Verdict verdict(Rung rung) {
        return verdicts.get(rung);
    }

    synchronized Map<Rung, Verdict> verdicts() {
        return Map.copyOf(verdicts);
    }

    synchronized List<String> troubles() {
        return List.copyOf(troubles);
    }

    synchronized String story() {
        return String.join("\n", story);
    }

    void awaitCount(long events) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(count()).as(story()).isGreaterThanOrEqualTo(events));
    }

    void awaitRung(Rung rung) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(on()).as(story()).isEqualTo(rung));
    }

    void awaitVerdict(Rung rung, Verdict verdict) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(verdict(rung)).as(story()).isEqualTo(verdict));
    }

    void awaitProof(Set<Rung> rungs) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(rungs).as(story()).contains(on()));
    }

    /** A follower behind a lab, with events that keep coming. */
    record Run(Diary diary, Follower follower, Pump pump, Lab lab) implements AutoCloseable {
        private static final AtomicInteger NUMBER = new AtomicInteger();

        /** Each behind a network of its own. */
        static Run behind(Profile profile, OpenEdge edge, int perSecond, UnaryOperator<Following> wish)
                throws IOException {
            int number = NUMBER.incrementAndGet();
            Lab lab = Lab.open(
                    profile,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()),
                    LabOptions.plain().from("127.77." + number + ".1"));
            String topic = "t/" + number;
            Diary diary = new Diary();
            Pump pump = new Pump(edge, topic, perSecond);
            URI url = URI.create("http://127.0.0.1:" + lab.port());
            Following following = wish.apply(Following.of(url, topic).from("earliest"));
            return new Run(diary, Follower.start(following, diary, TIMES), pump, lab);
        }

        /** Stops publishing, and everything has come once and in order. */
        void assertWhole() throws InterruptedException {
            long published = pump.stop();
            diary.awaitCount(published);
            diary.assertWhole(published);
        }

        @Override
        public void close() {
            pump.close();
            follower.close();
            lab.close();
        }
    }

    /** Every event up to there once and in order, and no gap. */
    synchronized void assertWhole(long events) {
        assertThat(wrong).as(story()).isEmpty();
        assertThat(gaps).as(story()).isZero();
        assertThat(next).as(story()).isEqualTo(events);
    }
}
