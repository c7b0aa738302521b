package org.needle.edge;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Topic;
import org.needle.hub.TopicFilter;

/** Who takes the messages of clients. Changed by routes as they start and stop, read by event loops. */
public final class Messages {
    private record Entry(TopicFilter filter, Set<Transport> transports, MessageListener listener) {}

    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    /** Messages to topics that {@code filter} matches, sent over one of {@code transports}, go to {@code listener}. */
    public Registration listen(TopicFilter filter, Set<Transport> transports, MessageListener listener) {
        Entry entry = new Entry(filter, Set.copyOf(transports), listener);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    /** The listener registered first among those that match, or null. */
    @Nullable
    MessageListener find(Topic topic, Transport transport) {
        for (Entry entry : entries) {
            if (entry.transports().contains(transport) && entry.filter().matches(topic)) {
                return entry.listener();
            }
        }
        return null;
    }
}
