package org.needle.edge;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.needle.hub.SystemClock;
import org.needle.path.Manner;
import org.needle.path.Pace;
import org.needle.path.Rung;
import org.needle.path.Verdict;
import org.needle.wire.Control;

/** What is learned of the networks between, from those who come back, answer and tell; and what is done about it. Callable from any thread. */
final class Paths {
    private static final int MOST_PACES = 64;

    final Networks networks = new Networks();
    final Departures departures = new Departures();
    /** The first few that are needed, which are nearly all: most streams share one. */
    private final Map<Pace, Pace> paces = new ConcurrentHashMap<>();

    private final EdgeContext edge;

    Paths(EdgeContext edge) {
        this.edge = edge;
    }

    /** How a stream that begins should go on. */
    Pace pace(PacedSubscriber stream) {
        Network network = stream.network();
        Pace.Usual usual = edge.settings.timing().usual();
        Pace pace = networks.of(network).pace(stream.manner(), stream.rung(), usual, network.client(), Networks.now());
        return paces.size() < MOST_PACES ? paces.computeIfAbsent(pace, same -> same) : paces.getOrDefault(pace, pace);
    }

    /**
     * The session that a client without a library had a moment ago, which it cannot name: it goes on with it, or each of its short lives
     * would be another session. Null: it is new here.
     */
    @Nullable
    Session goesOn(Join join, Network network) {
        if (join.looks().manner() != Manner.RETURNS || join.claim().session() != null) {
            return null;
        }
        Departures.Look look = new Departures.Look(network, join.filters());
        long now = Networks.now();
        if (!join.looks().resumes()) {
            if (departures.back(look, now) != null) {
                edge.counters.missing.increment();
                networks.learn(network, known -> known.returned(false));
            }
            return null;
        }
        long offset = edge.confirmations.offset(join.position());
        Departure departure = offset < 0 ? null : departures.back(look, offset, now);
        if (departure == null) {
            return null;
        }
        if (networks.of(network).missing() > 0) {
            networks.learn(network, known -> known.returned(true));
        }
        if (departure.shows(offset)) {
            networks.learnWidely(network, known -> known.word(Rung.SSE, Verdict.HELD_TO_END, now));
        }
        cut(departure, network);
        Session before = edge.sessions.find(departure.session());
        return before != null && before.isOf(join.pass().grant()) ? before : null;
    }

    /** A connection of a session begins there. */
    void comes(Session session, Network network) {
        SessionPath path = session.path();
        path.heard(SystemClock.nanos());
        path.comes(network);
        Departure departure = path.cut(Networks.now());
        if (departure != null) {
            cut(departure, network);
        }
    }

    private void cut(Departure departure, Network network) {
        if (!departure.planned()) {
            edge.counters.cuts.get(Counters.Age.of(departure.age())).increment();
            networks.learnWidely(network, known -> known.cut(departure.age(), departure.quiet(), departure.at()));
        }
    }

    /** A session's client has told what it has found out. */
    void told(Session session, Map<String, String> verdicts) {
        SessionPath path = session.path();
        path.heard(SystemClock.nanos());
        Network network = path.network();
        path.tell(verdicts).forEach((rung, verdict) -> {
            if (network != null) {
                found(network, rung, verdict);
            }
        });
    }

    /** Something was found out about a rung. */
    void found(Network network, Rung rung, Verdict verdict) {
        long now = Networks.now();
        if (verdict == Verdict.CLEAR) {
            networks.learn(network, known -> known.word(rung, verdict, now));
        } else {
            networks.learnWidely(network, known -> known.word(rung, verdict, now));
        }
    }

    /** Data was seen to come through as it is sent. */
    void clear(PacedSubscriber stream) {
        Network network = stream.network();
        long now = Networks.now();
        networks.learn(network, known -> known.word(stream.rung(), Verdict.CLEAR, now));
        if (stream.rung() == Rung.SSE) {
            networks.learn(network, known -> known.clear(network.client(), now));
            networks.learn(network.anybody(), known -> known.clear(network.address(), now));
        }
    }

    /** True if a receipt is for a response that has ended; if its end is what let it go, that says what the network does. */
    boolean late(Session session, String nonce) {
        SessionPath path = session.path();
        if (!path.had(nonce)) {
            return false;
        }
        Network network = path.network();
        Rung rung = path.flushed(nonce, Networks.now());
        if (rung != null && network != null) {
            edge.counters.bursts.increment();
            found(network, rung, Verdict.HELD_TO_END);
            path.judge(session.id(), rung, Verdict.HELD_TO_END);
        }
        return true;
    }

    /** The order to change to a better transport, where the network is known to have one; rarely. */
    Control.@Nullable Switch order(Session session, Network network, Rung rung) {
        long now = Networks.now();
        Verdict reason = networks.of(network).verdict(rung, now);
        Rung better = networks.of(network).better(rung, now);
        if (better == null || reason == null) {
            return null;
        }
        return session.path().mayOrder(now) ? new Control.Switch(better.label(), reason.label()) : null;
    }

    /** The order to change to a certain transport, where {@code rung} has not brought something in time; none to where it is known to be worse. */
    Control.@Nullable Switch order(Session session, Network network, Rung rung, Rung wanted) {
        long now = Networks.now();
        Verdict known = networks.of(network).verdict(wanted, now);
        if ((known != null && known.isBad()) || !session.path().mayOrder(now)) {
            return null;
        }
        Verdict reason = networks.of(network).verdict(rung, now);
        return new Control.Switch(
                wanted.label(), (reason == null || reason == Verdict.CLEAR ? Verdict.DELAYED : reason).label());
    }

    /** Forgets what is too old. Call about once a second. */
    void sweep() {
        networks.sweep(Networks.now());
        departures.sweep(Networks.now());
    }
}
