package org.needle.hub;

import java.util.List;

/**
 * Tells a subscriber that events it should have had are gone. Between {@code from} and {@code to} something is missing;
 * delivery goes on with the first event still kept.
 *
 * @param topics the topics or filters with a hole
 * @param from the subscriber's position, as it gave it
 * @param to the position of the last event that is known to be gone
 */
public record Gap(List<String> topics, String from, String to, Reason reason) {
    /** Why the events are gone. */
    public enum Reason {
        /** Dropped to keep the topic within its count or bytes, or forgotten with the whole topic. */
        TRIMMED,
        /** Older than the topic's age or their own time to live. */
        EXPIRED,
        /** The position belongs to another log, or to none. */
        EPOCH
    }
}
