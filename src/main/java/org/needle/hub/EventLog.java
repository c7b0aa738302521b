package org.needle.hub;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Where events are kept and get their order. One log has one sequence for all topics. */
public interface EventLog extends AutoCloseable {
    /** Names this life of this log; a log that lost its events has a new one. */
    String epoch();

    /**
     * Starts the log. Every event that the log holds, then every event appended, is given to {@code tail} in the order
     * of its offset, one at a time, each before its {@link #append} completes.
     */
    void start(Consumer<Event> tail);

    /**
     * Adds an event. Completes once the event is as safe as this log makes it and the tail has had it; exceptionally if
     * the log cannot take it, and then the tail never gets it. Callable from any thread; never blocks.
     */
    CompletableFuture<Event> append(Draft draft);

    /** One line about what is wrong, or an empty string while the log takes events. */
    String trouble();

    @Override
    void close();
}
