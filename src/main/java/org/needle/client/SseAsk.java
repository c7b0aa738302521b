package org.needle.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A stream to be followed.
 *
 * @param uri http or https
 * @param headers besides those of the standard; never sent to another host than that of {@code uri}
 */
public record SseAsk(URI uri, Map<String, List<String>> headers, SseParser.Limits limits, Patience patience) {
    /** @throws IllegalArgumentException if a header is none, or not to be chosen; without its value */
    public SseAsk {
        Dial.check(headers);
    }

    /**
     * How long to wait for what.
     *
     * @param response until the head of the answer is there
     * @param read without a byte, a quarter more at most; zero: for ever
     * @param retry between connections, until the server says otherwise
     * @param most between attempts that fail
     */
    public record Patience(Duration response, Duration read, Duration retry, Duration most) {}
}
