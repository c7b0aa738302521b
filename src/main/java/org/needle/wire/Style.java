package org.needle.wire;

/**
 * How a connection wants its events written.
 *
 * @param format the shape of an event
 * @param sum whether JSON objects carry the CRC-32 of their data
 */
public record Style(Format format, boolean sum) {
    /** The shapes of an event; controls come in the same shape. */
    public enum Format {
        /** SSE block whose data is the event's data. */
        SSE,
        /** SSE block whose data is the JSON object. */
        SSE_JSON,
        /** JSON object and a line feed. */
        LINE,
        /** JSON object. */
        OBJECT
    }
}
