package org.needle.edge;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.needle.hub.Draft;
import org.needle.hub.Event;
import org.needle.hub.EventLog;
import org.needle.hub.Position;
import org.needle.hub.SystemClock;

/** The order of one private topic; keeps nothing itself. Its epoch is a secret, and with it every position. */
final class PrivateLog implements EventLog {
    private final String epoch;

    // guarded by this
    private Consumer<Event> tail = event -> {
        throw new IllegalStateException("the log is not started");
    };
    private long offset;

    /** @param epoch cannot be guessed; lower-case letters and digits, at most 24 */
    PrivateLog(String epoch) {
        this.epoch = epoch;
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
        Event event = Event.of(new Position(epoch, ++offset), draft, SystemClock.millis());
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
