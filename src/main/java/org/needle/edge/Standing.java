package org.needle.edge;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Topic;
import org.needle.hub.TopicFilter;

/**
 * What one session follows, and how far its client is known to have come. Guarded by the monitor of {@link Confirmations}, but for
 * what says otherwise.
 */
final class Standing {
    private volatile long confirmed;
    private @Nullable Transport by;
    /** The newest hole: events behind the one offset, up to the other, were gone before they could be sent. */
    private long missedFrom;

    private long missedTo;
    private volatile @Nullable Transport last;
    /** One for each filter that the newest connection has asked for. */
    private List<Follow> follows = List.of();

    /** The offset up to which the client has everything that it follows. Any thread. */
    long confirmed() {
        return confirmed;
    }

    /** The transport that brought it what was confirmed last; null: nothing was yet. */
    @Nullable
    Transport by() {
        return by;
    }

    void confirmed(long offset, Transport transport) {
        confirmed = offset;
        by = transport;
    }

    void missed(long from, long to) {
        missedFrom = from;
        missedTo = to;
    }

    private boolean hasMissed(long offset) {
        return offset > missedFrom && offset <= missedTo;
    }

    /** Whether the client has an event that it follows. */
    boolean has(long offset) {
        return confirmed >= offset && !hasMissed(offset);
    }

    /** Whether the client has not confirmed an event and still may. */
    boolean mayGet(long offset) {
        return confirmed < offset && !hasMissed(offset);
    }

    /** The transport of its newest connection, also when that has ended; null before the first. Any thread. */
    @Nullable
    Transport last() {
        return last;
    }

    void last(Transport transport) {
        last = transport;
    }

    List<Follow> follows() {
        return follows;
    }

    void follows(List<Follow> now) {
        follows = now;
    }

    boolean isFollowing(List<TopicFilter> filters) {
        if (follows.size() != filters.size()) {
            return false;
        }
        for (int i = 0; i < follows.size(); i++) {
            if (!follows.get(i).followers().filter().equals(filters.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** That by which the session is in the audience of an event: of filters that overlap one, so that it counts once. */
    @Nullable
    Follow audienceOf(Topic topic, long offset) {
        for (Follow follow : follows) {
            if (follow.since() < offset && follow.followers().filter().matches(topic)) {
                return follow;
            }
        }
        return null;
    }
}
