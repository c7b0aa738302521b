package org.needle.hub;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A cursor into the topics that one subscriber follows. Not thread-safe: owned by the subscriber's event loop.
 *
 * <p>Why history joins live without a hole or a double: the owner first calls {@link Hub#follow}, so every later event is
 * offered to its feed; only then is the head read ({@link #next} reads it anew each time). The windows hold everything up to
 * that head, and the cursor moves to it when all has been read. An event above the cursor was therefore appended after the
 * feed was registered and will be offered; one at or below it has been read and is passed over when it is offered.
 * Swap the two steps and an event published between them is lost.
 */
public final class Subscription {
    private final Hub hub;
    private final List<TopicFilter> filters;
    private final boolean recovered;
    private final @Nullable Gap joinGap;
    private long cursor;
    /** A gap up to here has been told. */
    private long told;

    private boolean first = true;

    /**
     * @param filters at least one
     * @param position null: from now on; {@code earliest}: all kept history; else a well-formed position of any log
     */
    public Subscription(Hub hub, List<TopicFilter> filters, @Nullable String position) {
        this.hub = hub;
        this.filters = List.copyOf(filters);
        Position parsed = position == null ? null : Position.parse(position);
        Position head = hub.head();
        if (position == null) {
            cursor = head.offset();
            told = cursor;
            joinGap = null;
        } else if (position.equals("earliest")) {
            told = head.offset();
            joinGap = null;
        } else if (parsed == null || !parsed.epoch().equals(head.epoch()) || parsed.offset() > head.offset()) {
            joinGap = new Reading(cursor, 0, false).gap(position, Gap.Reason.EPOCH);
            told = head.offset();
        } else {
            cursor = parsed.offset();
            told = cursor;
            Reading reading = new Reading(cursor, 0, false);
            joinGap = reading.holes.isEmpty() ? null : reading.gap(position, reading.reason);
            told = Math.max(told, reading.dropped);
        }
        recovered = joinGap == null;
    }

    /** False if events between the position asked for and now are gone. */
    public boolean recovered() {
        return recovered;
    }

    /** Everything up to here has been handed out. */
    public Position position() {
        return new Position(hub.head().epoch(), cursor);
    }

    /** As {@link #position}, the bare offset: a live event above it has not been handed out yet. */
    public long offset() {
        return cursor;
    }

    /** The owner has handed out everything up to and including {@code offset} by itself. */
    public void advance(long offset) {
        cursor = Math.max(cursor, offset);
    }

    /**
     * What comes next.
     *
     * @param gap to be told before the events, or null
     * @param more whether the head has not been reached, so that {@link #next} should be called again
     * @param dismissed whether the gap is in a topic whose slow subscribers are sent away
     */
    public record Page(@Nullable Gap gap, List<Event> events, boolean more, boolean dismissed) {}

    /**
     * Reads on from the cursor, in log order.
     *
     * @param max most events in the page, at least 1
     * @param bytes the page ends with the event that reaches this many bytes
     * @param conflate leave out events that a newer one with the same key replaces, where the topic allows it
     */
    public Page next(int max, long bytes, boolean conflate) {
        Reading reading = new Reading(hub.headOffset(), max, conflate);
        Gap gap = first ? joinGap : null;
        first = false;
        if (gap == null && !reading.holes.isEmpty()) {
            gap = reading.gap(position().toString(), reading.reason);
        }
        told = Math.max(told, reading.dropped);
        List<Event> events = reading.page(max, bytes);
        boolean more = reading.end < reading.range.upTo();
        cursor = Math.max(cursor, reading.end);
        return new Page(gap, events, more, gap != null && reading.dismissed);
    }

    /** What the windows hold above the cursor; several windows are merged by offset. */
    private final class Reading {
        final TopicWindow.Range range;
        /** The topics, or filters of topics that are no longer known, of which something above the cursor is gone. */
        final Set<String> holes = new LinkedHashSet<>();

        final List<Event> found = new ArrayList<>();
        Gap.Reason reason = Gap.Reason.TRIMMED;
        long dropped;
        boolean dismissed;
        /** Up to here nothing has been left out. */
        long end;

        Reading(long upTo, int max, boolean conflate) {
            range = new TopicWindow.Range(cursor, upTo, max, conflate ? upTo : null);
            end = upTo;
            Set<Topic> seen = new HashSet<>();
            for (TopicFilter filter : filters) {
                Topic only = filter.isExact() ? Topic.of(filter.pattern()) : null;
                if (only == null || (seen.add(only) && !read(only))) {
                    hole(filter.pattern(), hub.forgotten(), Gap.Reason.EXPIRED);
                }
                if (only == null) {
                    hub.matching(filter).stream().filter(seen::add).forEach(this::read);
                }
            }
            found.sort(Comparator.comparingLong(Event::offset));
        }

        /** Returns false if the topic is not known. */
        private boolean read(Topic topic) {
            TopicWindow window = hub.window(topic);
            if (window == null) {
                return false;
            }
            TopicWindow.Seen seen = window.read(range.upTo(end), hub.now(), found);
            if (seen.more()) {
                end = Math.min(
                        end,
                        found.isEmpty()
                                ? range.after()
                                : found.get(found.size() - 1).offset());
            }
            if (range.max() > 0 && found.size() > 2 * range.max()) {
                shorten();
            }
            if (hole(topic.name(), seen.dropped(), seen.reason())) {
                dismissed |= seen.slow() == Slow.BYE;
            }
            return true;
        }

        /** What is beyond a page is left for the next: all topics together may hold more than fits into memory twice. */
        private void shorten() {
            found.sort(Comparator.comparingLong(Event::offset));
            found.subList(range.max(), found.size()).clear();
            end = Math.min(end, found.get(found.size() - 1).offset());
        }

        private boolean hole(String name, long upTo, Gap.Reason why) {
            if (upTo <= told || upTo <= range.after()) {
                return false;
            }
            holes.add(name);
            reason = why;
            dropped = Math.max(dropped, upTo);
            return true;
        }

        Gap gap(String from, Gap.Reason why) {
            List<String> topics = why == Gap.Reason.EPOCH
                    ? filters.stream().map(TopicFilter::pattern).toList()
                    : List.copyOf(holes);
            return new Gap(topics, from, new Position(hub.head().epoch(), dropped).toString(), why);
        }

        /** The first events, in order. */
        List<Event> page(int max, long bytes) {
            List<Event> page = new ArrayList<>(found.size());
            long last = 0;
            long size = 0;
            for (Event event : found) {
                if (event.offset() > end) {
                    break;
                }
                if (page.size() == max || size >= bytes) {
                    end = last;
                    break;
                }
                page.add(event);
                last = event.offset();
                size += event.size();
            }
            return page;
        }
    }
}
