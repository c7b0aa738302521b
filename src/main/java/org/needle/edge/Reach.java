package org.needle.edge;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Event;
import org.needle.hub.Topic;

/**
 * How far one event has come: who of its audience is known to have it, after each leg that has waited for that. A leg that comes
 * later waits only for those whom the ones before have not reached. Written under the monitor of {@link Confirmations}; what is
 * public may be read by any thread.
 */
public final class Reach {
    private final Topic topic;
    private final long offset;
    /** The rest of the audience; null: no leg has waited yet. */
    private @Nullable Set<Follow> left;

    private volatile List<String> reached = List.of();
    private volatile List<String> unreached = List.of();

    Reach(Event event) {
        this.topic = event.topic();
        this.offset = event.offset();
    }

    Topic topic() {
        return topic;
    }

    long offset() {
        return offset;
    }

    @Nullable
    Set<Follow> left() {
        return left;
    }

    /** A leg has waited: who of the audience is left, who has come and who is missing. */
    void concluded(Set<Follow> rest, List<String> came, List<String> missing) {
        left = rest;
        Set<String> all = new LinkedHashSet<>(reached);
        all.addAll(came);
        reached = List.copyOf(all);
        unreached = List.copyOf(missing);
    }

    /** The sessions that have confirmed the event, as far as legs have waited for them. */
    public List<String> reached() {
        return reached;
    }

    /** The sessions of the audience that the last leg has not reached. */
    public List<String> unreached() {
        return unreached;
    }
}
