package org.needle.edge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.needle.hub.FilterIndex;
import org.needle.hub.Topic;
import org.needle.hub.TopicFilter;

/**
 * Which sessions follow what: those that are connected, and those that have been a moment ago. An event's audience is not noted
 * when it is published, which would cost every event something for every subscriber; it is found here if somebody waits for it:
 * the sessions that began to follow its topic before it. Guarded by the monitor of {@link Confirmations}.
 */
final class Audience {
    private final FilterIndex<Followers> index = new FilterIndex<>();
    private final Map<TopicFilter, Followers> all = new HashMap<>();

    /** The followers of every filter that matches the topic. */
    List<Followers> of(Topic topic) {
        List<Followers> found = new ArrayList<>(2);
        index.match(topic, found::add);
        return found;
    }

    Follow add(Session session, TopicFilter filter, long since, long from) {
        Followers followers = all.get(filter);
        if (followers == null) {
            followers = new Followers(filter);
            all.put(filter, followers);
            index.add(filter, followers);
        }
        Follow follow = new Follow(session, followers, since, from);
        followers.add(follow);
        return follow;
    }

    void remove(Follow follow) {
        Followers followers = follow.followers();
        followers.remove(follow);
        if (followers.members().isEmpty()) {
            all.remove(followers.filter());
            index.remove(followers.filter(), followers);
        }
    }
}
