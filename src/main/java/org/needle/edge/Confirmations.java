package org.needle.edge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Event;
import org.needle.hub.Hub;
import org.needle.hub.Position;
import org.needle.hub.TopicFilter;

/**
 * What has arrived: each session is confirmed up to a position, on the transport that brought it. Evidence of any strength comes
 * in here, the strongest that a client's connection gives: a receipt; the later position that it comes back or polls on
 * with; bytes that its socket took over a path that is known to hold nothing back. And the legs that wait for it.
 *
 * <p>Callable from any thread. Its monitor guards the {@link Standing} of every session, the {@link Audience}, and what waits; while
 * it is held only a {@link Session} is asked. Nobody is told anything before it is released.
 */
public final class Confirmations {
    private final Hub hub;
    private final @Nullable Probes probes;

    // guarded by this
    private final Audience audience = new Audience();
    /** Those that wait for anybody: whoever comes later and gets the event counts too. */
    private final TreeMap<Waiting.Turn, Waiting> forAnybody = new TreeMap<>();

    private long legs;
    private int waiting;
    private volatile boolean awaited;

    /** @param probes null: what is published through {@code hub} is one client's own, and nobody waits for it */
    Confirmations(Hub hub, @Nullable Probes probes) {
        this.hub = hub;
        this.probes = probes;
    }

    /**
     * The client has everything that it follows up to {@code offset}. What is older than what it has confirmed already changes
     * nothing.
     *
     * @param offset of this log, and of nothing that the client has not been sent
     */
    void confirm(Session session, Transport transport, long offset) {
        tell(confirmed(session, transport, offset));
    }

    /**
     * As above, of a position in a client's own words; one of another log confirms nothing.
     *
     * @param sent up to where it has been sent everything
     */
    void confirm(Session session, Transport transport, @Nullable String position, long sent) {
        confirm(session, transport, Math.min(offset(position), sent));
    }

    private synchronized List<Waiting> confirmed(Session session, Transport transport, long offset) {
        if (probes == null) {
            return List.of();
        }
        Standing standing = session.standing();
        long before = standing.confirmed();
        if (offset <= before) {
            return List.of();
        }
        standing.confirmed(offset, transport);
        session.path().silent(false);
        if (waiting == 0) {
            return List.of();
        }
        List<Waiting> done = new ArrayList<>();
        for (Follow follow : standing.follows()) {
            for (Waiting leg : follow.followers().waiting(before, offset)) {
                boolean counts = !leg.isConcluded() && standing.has(leg.turn().offset()) && leg.isFor(follow);
                if (counts && leg.confirmed(transport)) {
                    done.add(leg);
                }
            }
        }
        for (Waiting leg : forAnybody
                .subMap(Waiting.Turn.after(before), Waiting.Turn.after(offset))
                .values()) {
            if (!leg.isConcluded() && leg.hasComeLater(session) && leg.confirmedLater(session, transport)) {
                done.add(leg);
            }
        }
        return ended(done);
    }

    /** Events behind {@code from}, up to {@code to}, were gone before the client could be sent them. */
    void missed(Session session, long from, long to) {
        if (probes != null) {
            tell(miss(session, from, to));
        }
    }

    private synchronized List<Waiting> miss(Session session, long from, long to) {
        session.standing().missed(from, to);
        List<Waiting> done = new ArrayList<>();
        for (Follow follow : session.standing().follows()) {
            for (Waiting leg : follow.followers().waiting(from, to)) {
                if (!leg.isConcluded() && leg.isFor(follow) && leg.missed()) {
                    done.add(leg);
                }
            }
        }
        return ended(done);
    }

    /**
     * A connection of the session has begun. Where it goes on from a position, an earlier one has brought what lies before that: of
     * this session, or of another, if the client has forgotten who it was. From now on the session is in the audience of the topics
     * that it asks for.
     *
     * @param from it gets what is behind that
     */
    void joined(Session session, Join join, long from) {
        if (probes == null) {
            return;
        }
        Transport before = session.standing().last();
        long shown = Math.min(offset(join.position()), hub.head().offset());
        if (before == null) {
            tell(follow(session, join, shown < 0 ? from : 0));
            confirm(session, join.transport(), shown);
        } else { // of topics that it has not followed yet its position says nothing
            confirm(session, before, shown);
            tell(follow(session, join, from));
        }
    }

    private synchronized List<Waiting> follow(Session session, Join join, long from) {
        Standing standing = session.standing();
        standing.last(join.transport());
        if (standing.isFollowing(join.filters())) {
            return List.of();
        }
        List<Follow> now = new ArrayList<>(join.filters().size());
        List<Follow> given = new ArrayList<>(standing.follows());
        for (TopicFilter filter : join.filters()) {
            Follow known = given.stream()
                    .filter(follow -> follow.followers().filter().equals(filter))
                    .findFirst()
                    .orElse(null);
            now.add(known == null ? audience.add(session, filter, hub.head().offset(), from) : known);
            given.remove(known);
        }
        return change(standing, now, given);
    }

    /** The session is over: it is in no audience any more, and legs that wait for it know that it will not come. */
    void over(Session session) {
        tell(forget(session));
    }

    private synchronized List<Waiting> forget(Session session) {
        return change(session.standing(), List.of(), session.standing().follows());
    }

    private List<Waiting> change(Standing standing, List<Follow> now, List<Follow> given) {
        Map<Follow, List<Waiting>> awaited = new LinkedHashMap<>();
        for (Follow follow : given) {
            awaited.put(
                    follow,
                    follow.followers().waiting().stream()
                            .filter(leg -> leg.isFor(follow))
                            .toList());
        }
        standing.follows(List.copyOf(now));
        given.forEach(audience::remove);
        List<Waiting> done = new ArrayList<>();
        awaited.forEach((follow, legs) -> {
            for (Waiting leg : legs) {
                if (!leg.isConcluded() && leg.lost(follow)) {
                    done.add(leg);
                }
            }
        });
        return ended(done);
    }

    /** How far {@code event} has come as far as legs are concerned: nobody has waited for it yet. */
    public Reach reach(Event event) {
        return new Reach(event);
    }

    /** A leg begins to wait. Its outcome may be there at once. */
    public Waiting await(Reach reach, Terms terms) {
        Waiting leg = begin(reach, terms);
        if (leg.isConcluded()) {
            leg.tell();
        } else {
            leg.order();
            if (probes != null) {
                probes.begin();
            }
        }
        return leg;
    }

    private synchronized Waiting begin(Reach reach, Terms terms) {
        Waiting leg = new Waiting(reach, terms, ++legs, audience.of(reach.topic()));
        if (!leg.begin()) {
            leg.takePlaces();
            if (leg.isForAnybody()) {
                forAnybody.put(leg.turn(), leg);
            }
            waiting++;
            awaited = true;
        }
        return leg;
    }

    /** A leg has waited long enough, and those who are missing do not answer. Nothing happens if it does not wait any more. */
    public void giveUp(Waiting leg) {
        tell(ended(leg, true));
    }

    /** As {@link #giveUp}, of a leg that has not waited: nobody had the time to answer. */
    public void leave(Waiting leg) {
        tell(ended(leg, false));
    }

    private synchronized List<Waiting> ended(Waiting leg, boolean waited) {
        if (leg.isConcluded()) {
            return List.of();
        }
        leg.conclude(false);
        if (waited) {
            leg.blame();
        }
        return ended(List.of(leg));
    }

    private List<Waiting> ended(List<Waiting> legs) {
        for (Waiting leg : legs) {
            leg.leavePlaces();
            forAnybody.remove(leg.turn());
        }
        waiting -= legs.size();
        awaited = waiting > 0;
        return legs;
    }

    private static void tell(List<Waiting> legs) {
        legs.forEach(Waiting::tell);
    }

    /** Whether a leg waits. */
    boolean isAwaited() {
        return awaited;
    }

    /** The offset of a position of this log, else -1. */
    long offset(@Nullable String text) {
        Position position = text == null ? null : Position.parse(text);
        return position != null && position.epoch().equals(hub.head().epoch()) ? position.offset() : -1;
    }
}
