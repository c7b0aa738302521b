package org.needle.matrix;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.needle.client.FollowListener;
import org.needle.client.Times;
import org.needle.lab.Seen;
import org.needle.path.Finding;
import org.needle.path.Rung;
import org.needle.wire.ServerFrame;

/** What a follower got of a {@link Flows flow}, and when, until its last event. Any thread. */
final class Travel implements FollowListener {
    static final Times TIMES = new Times() {
        @Override
        public long steady() {
            return System.nanoTime() / 1_000_000;
        }

        @Override
        public long wall() {
            return System.currentTimeMillis();
        }
    };

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final long began = TIMES.wall();
    private final int last;
    private final CountDownLatch whole = new CountDownLatch(1);
    private final List<Integer> numbers = new ArrayList<>();
    private final List<Long> lates = new ArrayList<>();
    private final List<Long> moved = new ArrayList<>();
    private final List<Rung> rungs = new ArrayList<>();
    private final Map<String, String> verdicts = new TreeMap<>();
    private final Map<String, Set<String>> everFound = new TreeMap<>();
    private final List<String> story = new ArrayList<>();
    private boolean troubled;
    private long first = -1;
    private List<Seen> asked = List.of();

    Travel(int count) {
        last = count - 1;
    }

    private long since() {
        return TIMES.wall() - began;
    }

    @Override
    public synchronized void event(ServerFrame.Event event) {
        try {
            JsonNode data = MAPPER.readTree(event.data());
            first = first < 0 ? since() : first;
            numbers.add(data.get("n").asInt());
            lates.add(TIMES.wall() - data.get("at").asLong());
            if (data.get("n").asInt() == last) {
                whole.countDown();
            }
        } catch (JsonProcessingException e) {
            story.add(event.data() + " is not what was sent");
        }
    }

    @Override
    public synchronized void transport(Rung rung) {
        story.add(since() + " ms: on " + rung.label());
        if (rungs.isEmpty() || rungs.get(rungs.size() - 1) != rung) {
            rungs.add(rung);
            moved.add(since());
        }
    }

    @Override
    public synchronized void verdict(Rung rung, Finding finding, String evidence) {
        if (finding.verdict() != null) {
            String verdict = finding.verdict().label();
            story.add(since() + " ms: " + rung.label() + " is " + verdict + " " + finding.number() + " " + evidence);
            verdicts.put(rung.label(), verdict);
            everFound.computeIfAbsent(rung.label(), name -> new TreeSet<>()).add(verdict);
        }
    }

    @Override
    public synchronized void trouble(String reason) {
        story.add(since() + " ms: " + reason);
        troubled = true;
    }

    @Override
    public synchronized void gap(ServerFrame.Hole gap) {
        story.add(since() + " ms: " + gap);
    }

    /** Until the last event of the flow has come, or for so long. */
    void await(Duration patience) {
        try {
            whole.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it was told that nothing passes. */
    synchronized boolean isTroubled() {
        return troubled;
    }

    /** All that it has asked for. */
    synchronized void asked(List<Seen> requests) {
        asked = requests;
    }

    /** How often it has asked for SSE that does not end by itself. */
    synchronized long streams() {
        return asked.stream()
                .map(Seen::uri)
                .filter(uri -> uri.contains("transport=sse") && !uri.contains("mode=cycle"))
                .count();
    }

    /** When it first was on one of them, in ms; negative: never. */
    synchronized long reached(List<String> labels) {
        for (int i = 0; i < rungs.size(); i++) {
            if (labels.contains(rungs.get(i).label())) {
                return moved.get(i);
            }
        }
        return -1;
    }

    /** The longest time from publish to arrival, in ms. */
    synchronized long worst() {
        return lates.stream().mapToLong(Long::longValue).max().orElse(-1);
    }

    synchronized boolean isInOrder() {
        for (int i = 1; i < numbers.size(); i++) {
            if (numbers.get(i) <= numbers.get(i - 1)) {
                return false;
            }
        }
        return true;
    }

    /** All verdicts that a rung has had. */
    synchronized Set<String> found(String rung) {
        return everFound.getOrDefault(rung, Set.of());
    }

    synchronized LabMatrix.Cell cell() {
        int distinct = new HashSet<>(numbers).size();
        int lost = numbers.isEmpty()
                ? 0
                : last - numbers.stream().min(Integer::compare).orElseThrow() + 1 - distinct;
        List<Long> tail = lates.subList(lates.size() * 2 / 3, lates.size()).stream()
                .sorted()
                .toList();
        return new LabMatrix.Cell(
                first,
                moved.isEmpty() ? -1 : moved.get(0),
                moved.isEmpty() ? -1 : moved.get(moved.size() - 1),
                rungs.isEmpty() ? "" : rungs.get(rungs.size() - 1).label(),
                Math.max(0, rungs.size() - 1),
                lost,
                numbers.size() - distinct,
                asked.size(),
                tail.isEmpty() ? -1 : tail.get((int) Math.ceil(0.95 * tail.size()) - 1),
                Map.copyOf(verdicts));
    }

    synchronized String story() {
        return story + "; " + numbers.size() + " events";
    }
}
