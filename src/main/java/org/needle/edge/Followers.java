package org.needle.edge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.needle.hub.TopicFilter;

/** The sessions that follow one filter, and the legs that wait for some of them. Guarded by the monitor of {@link Confirmations}. */
final class Followers {
    private final TopicFilter filter;
    private final List<Follow> members = new ArrayList<>(1);
    private final TreeMap<Waiting.Turn, Waiting> waiting = new TreeMap<>();

    Followers(TopicFilter filter) {
        this.filter = filter;
    }

    TopicFilter filter() {
        return filter;
    }

    List<Follow> members() {
        return members;
    }

    void add(Follow member) {
        member.index = members.size();
        members.add(member);
    }

    /** Puts the last member into the place of the one that leaves. */
    void remove(Follow member) {
        Follow last = members.remove(members.size() - 1);
        if (last != member) {
            members.set(member.index, last);
            last.index = member.index;
        }
        member.index = -1;
    }

    void add(Waiting leg) {
        waiting.put(leg.turn(), leg);
    }

    void remove(Waiting leg) {
        waiting.remove(leg.turn());
    }

    Collection<Waiting> waiting() {
        return waiting.values();
    }

    /** Those that wait for an event behind {@code after}, up to {@code upTo}. */
    Collection<Waiting> waiting(long after, long upTo) {
        return waiting.subMap(Waiting.Turn.after(after), Waiting.Turn.after(upTo))
                .values();
    }
}
