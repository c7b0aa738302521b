package org.needle.conformance;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads an SSE stream line by line and insists on the style that every known client understands. Stricter than the standard
 * on purpose: what is refused here is legal and makes some client lose or invent an event.
 */
final class SseLines {
    private final List<String> data = new ArrayList<>();
    private String id = "";
    private String event = "";
    private String before = "";
    private String retry = "";
    private boolean first = true;

    /** The reconnection time in force, in ms; empty if none was sent. */
    String retry() {
        return retry;
    }

    /** Takes a line without its LF; returns the frame that it completes, or null. */
    Frame take(String line) {
        check(line);
        Frame done = null;
        if (line.isEmpty()) {
            done = dispatch();
        } else if (line.startsWith("id: ")) {
            id = line.substring(4);
        } else if (line.startsWith("event: ")) {
            event = line.substring(7);
        } else if (line.startsWith("data: ")) {
            data.add(line.substring(6));
        } else if (line.startsWith("retry: ")) {
            retry = line.substring(7);
        } else if (!line.startsWith(":")) {
            throw new AssertionError("a line of an unknown kind: " + line);
        }
        before = line;
        first = false;
        return done;
    }

    private void check(String line) {
        if (first && !line.matches("retry: [0-9]+")) {
            throw new AssertionError("the first line is not retry: but " + line);
        }
        if (line.indexOf('\r') >= 0) {
            throw new AssertionError("a CR in " + line);
        }
        if (line.isEmpty() && before.startsWith(":")) {
            throw new AssertionError("a blank line after a comment");
        }
    }

    private Frame dispatch() {
        if (data.isEmpty()) {
            throw new AssertionError("a block without data, after the line " + before);
        }
        if (id.isEmpty()) {
            throw new AssertionError("a block without id: " + data);
        }
        Frame frame = Frame.ofSse(id, event, String.join("\n", data));
        data.clear();
        id = "";
        event = "";
        return frame;
    }
}
