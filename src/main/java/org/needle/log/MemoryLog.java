package org.needle.log;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.needle.hub.Draft;
import org.needle.hub.Event;
import org.needle.hub.EventLog;
import org.needle.hub.Position;

/**
 * {@code log=memory}: gives out the order and keeps nothing itself; the hub's windows are all the history there is. A
 * restart begins a new epoch, so old positions are recognised and never misread.
 */
public final class MemoryLog implements EventLog {
    private final String epoch;
    private final LongSupplier clock;

    // guarded by this
    private Consumer<Event> tail = event -> {
        throw new IllegalStateException("the log is not started");
    };
    private long offset;

    /**
     * @param epoch must never have been used by another log: random, at least 48 bits, lower-case letters and digits
     * @param clock the time in ms since 1970
     */
    public MemoryLog(String epoch, LongSupplier clock) {
        this.epoch = epoch;
        this.clock = clock;
    }

    @Override
    public String epoch() {
        return epoch;
    }

    @Override
    public synchronized void start(Consumer<Event> tail) {
        this.tail = tail;
    }

    @Override
    public synchronized CompletableFuture<Event> append(Draft draft) {
        Event event = Event.of(new Position(epoch, offset + 1), draft, clock.getAsLong());
        offset++;
        tail.accept(event);
        return CompletableFuture.completedFuture(event);
    }

    @Override
    public String trouble() {
        return "";
    }

    @Override
    public void close() {
        // nothing is held open
    }
}
