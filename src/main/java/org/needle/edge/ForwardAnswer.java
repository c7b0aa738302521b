package org.needle.edge;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.needle.hub.Content;

/**
 * Where the answer to a forwarded request goes: {@link #refuse}, or {@link #body}, or {@link #begin}, events, and {@link #end} or
 * {@link #fail}. Callable from any thread, one call after the other; when the client has gone for good nothing happens any more.
 */
public interface ForwardAnswer {
    /** No answer has come: the client gets {@code status}, with a title that names nothing of the upstream. */
    void refuse(int status, String title);

    /** The answer is no event stream: it passes through, one buffer at a time. */
    void body(Head head, Flow.Publisher<List<ByteBuffer>> body);

    /** The answer is a stream of events. */
    void begin();

    /** The next event. The stage completes when another one may come, exceptionally if this one is not taken. */
    CompletionStage<Void> event(Content content);

    /** All has been said. */
    void end();

    /** The answer breaks off. */
    void fail();

    /** What an upstream answered. */
    record Head(int status, Map<String, List<String>> headers) {}
}
