package org.needle.client;

/**
 * One event of a stream (WHATWG HTML 9.2.6).
 *
 * @param id the last event id that the stream has given so far, by this event or an earlier one; empty if none
 * @param name {@code message} if the stream does not name it
 * @param data its lines joined by LF
 */
public record SseEvent(String id, String name, String data) {
    public static final String UNNAMED = "message";
}
