package org.needle.edge;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.needle.path.Rung;

/**
 * One leg that waits for confirmations of one event. It counts those that are missing and keeps no list of them: who belongs to the
 * audience is known from when each session began to follow, so that thousands of legs may wait for thousands of sessions.
 * Guarded by the monitor of {@link Confirmations}; its outcome is told outside of it.
 */
public final class Waiting {
    private final Reach reach;
    private final Terms terms;
    private final Turn turn;
    /** Those whom earlier legs have left; null: the whole audience. */
    private final @Nullable Set<Follow> only;

    private final List<Followers> places;
    private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();
    /** Sessions that have not confirmed and still may. */
    private int open;
    /** Of the audience, but gone for good. */
    private List<Follow> gone = List.of();
    /** Whether one on the leg's transport has confirmed. */
    private boolean found;
    /** Who was not there when the event entered the log, and has confirmed it nevertheless; the first is enough. */
    private @Nullable String later;

    private boolean concluded;
    private boolean success;

    /** In what order those that wait for one session are told that it has confirmed. */
    record Turn(long offset, long number) implements Comparable<Turn> {
        /** Behind everybody that waits for an event up to {@code offset}. */
        static Turn after(long offset) {
            return new Turn(offset, Long.MAX_VALUE);
        }

        @Override
        public int compareTo(Turn other) {
            int first = Long.compare(offset, other.offset);
            return first == 0 ? Long.compare(number, other.number) : first;
        }
    }

    Waiting(Reach reach, Terms terms, long number, List<Followers> places) {
        this.reach = reach;
        this.terms = terms;
        this.turn = new Turn(reach.offset(), number);
        this.only = reach.left();
        this.places = places;
    }

    /** True once what was wanted is confirmed; false if it cannot be any more, or the leg has given up. Completed outside of all locks. */
    public CompletableFuture<Boolean> outcome() {
        return outcome;
    }

    Turn turn() {
        return turn;
    }

    boolean isConcluded() {
        return concluded;
    }

    /** Whether the follower is one of those for whom it waits. */
    boolean isFor(Follow follow) {
        return only == null
                ? follow.since() < turn.offset()
                        && follow.session().standing().audienceOf(reach.topic(), turn.offset()) == follow
                : only.contains(follow);
    }

    /** Looks at the audience as it is; true if there is nothing to wait for. */
    boolean begin() {
        Count count = new Count();
        forAudience(count);
        open = count.open;
        found = count.found || (isForAnybody() && hasComeLater());
        if (terms.subscribers() && !count.anybody) {
            conclude(false);
            return true;
        }
        return judge();
    }

    private final class Count implements Consumer<Follow> {
        private int open;
        private boolean found;
        private boolean anybody;

        @Override
        public void accept(Follow follow) {
            Standing standing = follow.session().standing();
            anybody |= terms.isOn(standing.last()) && follow.session().isConnected();
            if (hasCome(follow)) {
                found |= terms.isOn(standing.by());
            } else if (!follow.isOver() && standing.mayGet(turn.offset())) {
                open++;
            }
        }
    }

    /** One of those for whom it waits has confirmed the event; true if it need not wait any longer. */
    boolean confirmed(@Nullable Transport by) {
        open--;
        found |= terms.isOn(by);
        return judge();
    }

    /** Whether one confirmation is enough, and anybody's counts. */
    boolean isForAnybody() {
        return terms.scope() == Terms.Scope.ANY;
    }

    private boolean hasComeLater() {
        for (Followers place : places) {
            for (Follow member : place.members()) {
                Standing standing = member.session().standing();
                if (terms.isOn(standing.by()) && hasComeLater(member.session())) {
                    later = member.session().id();
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether a session that is not in the audience has the event, by going on from a position, and has confirmed it. */
    boolean hasComeLater(Session session) {
        for (Follow follow : session.standing().follows()) {
            boolean gets = follow.since() >= turn.offset() && follow.from() < turn.offset();
            if (gets && follow.followers().filter().matches(reach.topic())) {
                return hasCome(follow);
            }
        }
        return false;
    }

    /** A session that is not in the audience has confirmed the event; true if it need not wait any longer. */
    boolean confirmedLater(Session session, Transport by) {
        if (terms.isOn(by)) {
            found = true;
            later = session.id();
        }
        return judge();
    }

    /** One of those for whom it waits will not come back; true if it need not wait any longer. */
    boolean lost(Follow follow) {
        Follow other = follow.session().standing().audienceOf(reach.topic(), turn.offset());
        if (only == null && other != null) {
            return false; // it follows the topic by another filter too
        }
        if (only == null) {
            List<Follow> all = new ArrayList<>(gone);
            all.add(follow);
            gone = all;
        }
        return follow.session().standing().mayGet(turn.offset()) ? missed() : judge();
    }

    /** One of those for whom it waits will never get the event; true if it need not wait any longer. */
    boolean missed() {
        open--;
        return judge();
    }

    private boolean judge() {
        boolean all = terms.scope() == Terms.Scope.ALL && open == 0;
        boolean any = terms.scope() == Terms.Scope.ANY && (found || isNobodyLeft());
        if (all || any || terms.scope() == Terms.Scope.NONE) {
            conclude(true);
            success = !all || reach.unreached().isEmpty();
        }
        return concluded;
    }

    /** Whether the legs before have reached everybody there was. */
    private boolean isNobodyLeft() {
        return only != null && only.isEmpty() && !reach.reached().isEmpty();
    }

    /** Writes down how far the event has come. */
    void conclude(boolean successful) {
        concluded = true;
        success = successful;
        Set<Follow> rest = new LinkedHashSet<>();
        List<String> came = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        forAudience(follow -> {
            String id = follow.session().id();
            if (hasCome(follow)) {
                came.add(id);
            } else {
                rest.add(follow);
                missing.add(id);
            }
        });
        if (later != null) {
            came.add(later);
        }
        reach.concluded(rest, came, missing);
    }

    /** Those who are missing do not answer, but for those who are just away. */
    void blame() {
        Set<Follow> rest = reach.left();
        if (rest != null) {
            rest.stream().map(Follow::session).filter(Session::isConnected).forEach(session -> session.path()
                    .silent(true));
        }
    }

    private boolean hasCome(Follow follow) {
        return follow.session().standing().has(turn.offset());
    }

    private void forAudience(Consumer<Follow> each) {
        if (only != null) {
            only.forEach(each);
            return;
        }
        for (Followers place : places) {
            for (Follow member : place.members()) {
                if (isFor(member)) {
                    each.accept(member);
                }
            }
        }
        gone.forEach(each);
    }

    /** Those whom an earlier leg has not reached are to come over to this one's transport. Outside of all locks. */
    void order() {
        Rung wanted = terms.transport() == Transport.WEBSOCKET
                ? Rung.WEBSOCKET
                : terms.transport() == Transport.SSE ? Rung.SSE : null;
        if (only != null && wanted != null) {
            only.stream().filter(follow -> !hasCome(follow)).forEach(follow -> follow.session()
                    .order(wanted));
        }
    }

    void takePlaces() {
        places.forEach(place -> place.add(this));
    }

    void leavePlaces() {
        places.forEach(place -> place.remove(this));
    }

    /** Outside of all locks. */
    void tell() {
        outcome.complete(success);
    }
}
