package org.needle.hub;

import org.jspecify.annotations.Nullable;

/**
 * One published event. Immutable and shared by all subscribers.
 *
 * @param position its place in the log, printed: its id
 * @param key conflation key, or null
 * @param times when it entered the log and until when it may be replayed
 */
public record Event(Position position, Topic topic, Content content, @Nullable String key, Times times) {

    /** Both in ms since 1970; {@code expires} is {@link Long#MAX_VALUE} where only the topic's settings say. */
    public record Times(long published, long expires) {}

    /** The event that {@code draft} becomes at {@code position}. */
    public static Event of(Position position, Draft draft, long now) {
        long expires = draft.ttl() == null ? Long.MAX_VALUE : now + draft.ttl().toMillis();
        return new Event(position, draft.topic(), draft.content(), draft.key(), new Times(now, expires));
    }

    /** The same place in the log with what somebody else has said. */
    Event with(Content other) {
        return new Event(position, topic, other, key, times);
    }

    public long offset() {
        return position.offset();
    }

    /** What the event costs in a window, in bytes: its data and a flat charge for the rest. */
    public int size() {
        return content.data().length + 128;
    }
}
