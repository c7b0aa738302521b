package org.needle.edge;

import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import org.needle.hub.EventLog;

/**
 * What one name under {@code /proxy} lets clients do, and for how long.
 *
 * @param methods in upper case
 * @param headers the client's headers that are forwarded, in lower case
 * @param log makes the log of one answer, from an epoch that cannot be guessed
 */
public record ForwardSettings(
        Set<String> methods, Set<String> headers, Times times, Bounds bounds, Function<String, EventLog> log) {
    /**
     * @param keep how long an answer is kept after its end
     * @param cancel how long the upstream is kept answering while nobody follows
     * @param longest how long an answer may take
     */
    public record Times(Duration keep, Duration cancel, Duration longest) {}

    /**
     * @param requests most requests at one time, those included whose answer is kept
     * @param total most bytes kept of all answers: those that have ended go first, then new requests are refused
     * @param history most bytes kept of one answer
     * @param ahead the upstream is not read on while so many bytes have not been handed to the client
     * @param event most bytes of the data of one event
     */
    public record Bounds(int requests, long total, long history, long ahead, int event) {}

    public ForwardSettings {
        methods = Set.copyOf(methods);
        headers = Set.copyOf(headers);
    }

    /** Whether a header of a client may be forwarded at all. */
    public static boolean isForwardable(String name) {
        return ForwardHeaders.isForwardable(name);
    }
}
