package org.needle.edge;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Who forwards what is asked for under {@code /proxy/NAME}. Changed by routes as they start and stop, read by event loops. */
public final class Forwards {
    /** A name that can be asked for. */
    record Entry(Forwarder forwarder, ForwardSettings settings) {}

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /** @throws IllegalStateException if another route has the name */
    public Registration open(String name, Forwarder forwarder, ForwardSettings settings) {
        Entry entry = new Entry(forwarder, settings);
        if (entries.putIfAbsent(name, entry) != null) {
            throw new IllegalStateException("/proxy/" + name + " is another route's already");
        }
        return () -> entries.remove(name, entry);
    }

    @Nullable
    Entry find(String name) {
        return entries.get(name);
    }
}
