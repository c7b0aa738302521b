package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.needle.edge.Transport;

/** Records what arrives over one transport, in order. Recording is done by one thread, asking by any. */
public abstract class Subscriber implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final int limit;

    // guarded by this
    private final List<Frame> frames = new ArrayList<>();
    private final List<Throwable> faults = new ArrayList<>();
    private int events;
    private boolean ended;
    private String how = "";

    /** @param limit leaves after this many events, as if nothing more had come */
    Subscriber(int limit) {
        this.limit = limit;
    }

    public static Subscriber open(Transport transport, Ask ask) {
        return open(transport, ask, Integer.MAX_VALUE);
    }

    public static Subscriber open(Transport transport, Ask ask, int limit) {
        return switch (transport) {
            case SSE -> new HttpSubscriber(ask, limit, true);
            case STREAM -> new HttpSubscriber(ask, limit, false);
            case WEBSOCKET -> new WebSocketSubscriber(ask, limit);
            case POLL -> new PollSubscriber(ask, limit);
        };
    }

    /** Returns true if more is wanted. */
    final synchronized boolean take(Frame frame) {
        if (events >= limit || ended) {
            return false;
        }
        frames.add(frame);
        if (frame.isEvent()) {
            events++;
        }
        return events < limit;
    }

    final synchronized void fault(Throwable fault) {
        faults.add(fault);
    }

    final synchronized void end() {
        ended = true;
    }

    /** As above, and remembers how. */
    final synchronized void end(String reason) {
        how = how.isEmpty() && !ended ? reason : how;
        ended = true;
    }

    /** Looks at once, and then every few ms. */
    static ConditionFactory soon() {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    public final synchronized boolean isEnded() {
        return ended;
    }

    public final synchronized List<Frame> frames() {
        if (!faults.isEmpty()) {
            throw new AssertionError(this + " met a fault after " + frames.size() + " frames", faults.get(0));
        }
        return List.copyOf(frames);
    }

    public final List<Frame> events() {
        return frames().stream().filter(Frame::isEvent).toList();
    }

    public final List<String> data() {
        return events().stream().map(Frame::data).toList();
    }

    public final List<String> ids() {
        return events().stream().map(Frame::id).toList();
    }

    public final List<Frame> controls(String name) {
        return frames().stream().filter(f -> f.control().equals(name)).toList();
    }

    /** Waits until so many events have come, and returns all that have. */
    public final List<Frame> awaitEvents(int count) {
        awaitThat(frames -> frames.stream().filter(Frame::isEvent).count() >= count, count + " events");
        return events();
    }

    public final Frame awaitControl(String name) {
        awaitThat(frames -> frames.stream().anyMatch(f -> f.control().equals(name)), "the control " + name);
        return controls(name).get(0);
    }

    /** The first frame, which has to be {@code hello}. */
    public final Frame hello() {
        awaitThat(frames -> !frames.isEmpty(), "anything");
        Frame first = frames().get(0);
        assertThat(first.control()).as("first of all comes hello").isEqualTo("hello");
        return first;
    }

    public final Subscriber awaitEnd() {
        try {
            soon().until(this::isEnded);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(this + " was never ended: " + frames(), e);
        }
        frames();
        return this;
    }

    private void awaitThat(Predicate<List<Frame>> condition, String what) {
        try {
            soon().until(() -> condition.test(frames()) || isEnded());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(this + " waited in vain for " + what + ", had " + summary(), e);
        }
        if (!condition.test(frames())) {
            throw new AssertionError(this + " was ended before " + what + ", had " + summary());
        }
    }

    private synchronized String summary() {
        List<Frame> all = frames();
        List<Frame> last = all.subList(Math.max(0, all.size() - 5), all.size());
        return events().size() + " events" + how + ", the last frames " + last;
    }

    /** The position to go on from: that of the last event, else where {@code hello} said this subscriber is. */
    public final String position() {
        List<Frame> events = events();
        return events.isEmpty()
                ? hello().json().path("position").asText()
                : events.get(events.size() - 1).id();
    }

    /** Leaves without a word. */
    @Override
    public abstract void close();

    @Override
    public abstract String toString();
}
