package org.needle.hub;

/** What a topic does for a subscriber that reads more slowly than events come. */
public enum Slow {
    /** It reads on from its cursor, and is told of a gap where the window no longer reaches back. */
    GAP,
    /** As GAP, and of events with the same key it gets only the newest. */
    CONFLATE,
    /** Once the window no longer reaches back to its cursor its connection is ended; it may come back and is told of the gap. */
    BYE
}
