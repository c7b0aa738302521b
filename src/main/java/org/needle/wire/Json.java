package org.needle.wire;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Small pieces of JSON for answers that are put together by hand. */
public final class Json {
    private Json() {}

    /** A JSON string, with its quotes. */
    public static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    /** The body of an error (RFC 9457). The title is ours and holds nothing of the request. */
    public static String problem(int status, String title) {
        return "{\"status\":" + status + ",\"title\":" + quoted(title) + "}";
    }
}
