package org.needle.hub;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Windows over a log, and who follows which topic. Publishing appends to the log; what the log hands back goes into the
 * topic's window and to the feeds that follow the topic, in log order.
 *
 * <p>Threads: every method may be called from any thread. The monitor of this object guards {@code interest}, the order in
 * which feeds are told, and which topics are known; it is never held while waiting for anything.
 */
public final class Hub {
    private final HubSettings settings;
    private final EventLog log;
    private final LongSupplier clock;
    private final Repeats repeats;
    private final LongAdder published = new LongAdder();

    private final Map<Topic, Live> topics = new ConcurrentHashMap<>();
    private volatile long head;
    /** Below this offset something may be missing of topics that are no longer known. */
    private volatile long forgotten;
    /** Bytes in all windows, counted by the windows. */
    private final AtomicLong held = new AtomicLong();

    private final FilterIndex<Feed> interest = new FilterIndex<>();
    private long interestVersion;

    /** A known topic: its window, and the feeds that follow it as of {@code version} (guarded by the hub's monitor). */
    private static final class Live {
        final TopicWindow window;
        Feed[] feeds = {};
        long version = -1;

        Live(TopicWindow window) {
            this.window = window;
        }
    }

    /** @param clock the time in ms since 1970 */
    public Hub(EventLog log, HubSettings settings, LongSupplier clock) {
        this.log = log;
        this.settings = settings;
        this.clock = clock;
        this.repeats = new Repeats(settings.idempotency().toMillis());
    }

    /** Starts the log and takes in what it holds. Call once, before anything else. */
    public void start() {
        log.start(this::take);
    }

    /**
     * Publishes an event. Completes with the event once the log has it and it is on its way to the subscribers, with the
     * first event's position if the idempotency key repeats, or exceptionally with {@link RefusedException} or the log's failure.
     */
    public CompletableFuture<Event> publish(Draft draft) {
        int size = draft.content().data().length;
        if (size > settings.maxEvent()) {
            return refuse("an event of " + size + " bytes is larger than max-event=" + settings.maxEvent());
        }
        if (topics.size() >= settings.maxTopics() && !topics.containsKey(draft.topic())) {
            return refuse("there are already max-topics=" + settings.maxTopics() + " topics with history");
        }
        String key = draft.idempotencyKey();
        return key == null ? log.append(draft) : repeats.once(draft, key, clock.getAsLong(), () -> log.append(draft));
    }

    /** From when this returns, every event that matches {@code filter} is offered to {@code feed}. */
    public synchronized void follow(TopicFilter filter, Feed feed) {
        interest.add(filter, feed);
        interestVersion++;
    }

    public synchronized void unfollow(TopicFilter filter, Feed feed) {
        interest.remove(filter, feed);
        interestVersion++;
    }

    /** The position of the newest event, or the start of the log. */
    public Position head() {
        return new Position(log.epoch(), head);
    }

    /** Drops what has expired and forgets topics without history. Call about once a second. */
    public void sweep() {
        long now = clock.getAsLong();
        topics.forEach((topic, live) -> {
            live.window.expire(now);
            forgetIfEmpty(topic, live);
        });
    }

    public HubSettings settings() {
        return settings;
    }

    /** What the hub holds at the moment, and what it has done since it started. */
    public record Totals(int topics, long historyBytes, long published) {}

    public Totals totals() {
        return new Totals(topics.size(), held.get(), published.sum());
    }

    /** One line about what is wrong with the log, or an empty string. */
    public String trouble() {
        return log.trouble();
    }

    long headOffset() {
        return head;
    }

    long forgotten() {
        return forgotten;
    }

    long now() {
        return clock.getAsLong();
    }

    @Nullable
    TopicWindow window(Topic topic) {
        Live live = topics.get(topic);
        return live == null ? null : live.window;
    }

    /** The known topics that a filter matches. */
    List<Topic> matching(TopicFilter filter) {
        List<Topic> found = new ArrayList<>();
        for (Topic topic : topics.keySet()) {
            if (filter.matches(topic)) {
                found.add(topic);
            }
        }
        return found;
    }

    /**
     * Takes the next event of the log. The window has the event before {@code head} says so, and the feeds hear of it
     * last: a reader that goes up to the head it saw can neither miss an event nor meet one that is still to come.
     */
    private synchronized void take(Event event) {
        Live live = topics.computeIfAbsent(event.topic(), this::open);
        live.window.append(event);
        head = event.offset();
        published.increment();
        if (live.version != interestVersion) {
            live.feeds = feedsOf(event.topic());
            live.version = interestVersion;
        }
        for (Feed feed : live.feeds) {
            feed.offer(event);
        }
        if (held.get() > settings.historyTotal()) {
            trim();
        }
    }

    private Live open(Topic topic) {
        return new Live(new TopicWindow(settings.topics().of(topic), forgotten, held));
    }

    private Feed[] feedsOf(Topic topic) {
        Set<Feed> feeds = new HashSet<>();
        interest.match(topic, feeds::add);
        return feeds.toArray(new Feed[0]);
    }

    private synchronized void forgetIfEmpty(Topic topic, Live live) {
        if (live.window.isEmpty()) {
            forgotten = Math.max(forgotten, live.window.dropped());
            topics.remove(topic);
        }
    }

    /** Takes a tenth off the whole, from the topics with the oldest events: rarely, so that its cost does not matter. */
    private void trim() {
        long wanted = settings.historyTotal() / 10;
        List<TopicWindow> windows = new ArrayList<>();
        topics.values().forEach(live -> windows.add(live.window));
        windows.sort(Comparator.comparingLong(TopicWindow::oldest));
        for (TopicWindow window : windows) {
            if (wanted <= 0) {
                return;
            }
            wanted -= window.trim(wanted);
        }
    }

    private static CompletableFuture<Event> refuse(String why) {
        return CompletableFuture.failedFuture(new RefusedException(why));
    }
}
