package org.needle.edge;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.needle.path.Rung;
import org.needle.path.Verdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a session's client and connections have shown of the network between. Guarded by its monitor; a leaf. */
final class SessionPath {
    private static final Logger LOG = LoggerFactory.getLogger(SessionPath.class);
    private static final int UNKNOWN = -1;
    /** A receipt that comes within this after the end of its response, in ms, was let go by that. */
    private static final long FLUSHED = 3_000;
    /** Who comes back within this, in ms, was cut off and has not left. */
    private static final long BACK = 10_000;
    /** A receipt may take this long where nothing is known, and at most the other where the way is known to be slow, in ms. */
    private static final int USUAL_WAY = 2_000;

    private static final int LONGEST_WAY = 10_000;
    /** An order to change is given once in this time, in ms. */
    private static final long ORDERS = 60_000;

    private volatile long heard;
    private int rtt = UNKNOWN;
    private @Nullable Network network;
    private volatile @Nullable Verdict verdict;
    /** Whether a leg gave up on it, and it has confirmed nothing since. */
    private volatile boolean silent;

    /** Null as long as there is nothing to remember. */
    private @Nullable Past past;

    /** What only some sessions come to. */
    private static final class Past {
        private Map<Rung, Verdict> told = Map.of();
        private @Nullable Departure last;
        private @Nullable Rung rung;
        /** Whether the last one that left had been proved, and was the only one. */
        private boolean alone;

        private @Nullable String polled;
        /** When a poll was answered, in ns; 0: the client has asked again since. */
        private long answered;
        /** The shortest time between an answer and the next poll, in ms. */
        private int turn = UNKNOWN;

        private long ordered;
    }

    private Past past() {
        Past known = past == null ? new Past() : past;
        past = known;
        return known;
    }

    /** The client has said something, at {@code now} ns. */
    void heard(long now) {
        heard = now;
    }

    boolean heardSince(long ns) {
        long at = heard;
        return at != 0 && at - ns > 0;
    }

    /** A receipt came {@code ms} after what it is for. */
    synchronized void answered(int ms) {
        rtt = rtt == UNKNOWN ? ms : Math.min(rtt, ms);
    }

    /** The shortest time in ms that a receipt took; {@code otherwise} if none has come yet. */
    synchronized int rtt(int otherwise) {
        return rtt == UNKNOWN ? otherwise : rtt;
    }

    /** How long a receipt may be on its way there and back, twice as long as it should take, in ms. */
    synchronized int patience() {
        if (rtt != UNKNOWN) {
            return Math.min(LONGEST_WAY, 2 * rtt);
        }
        int turn = past == null ? UNKNOWN : past.turn;
        return Math.max(USUAL_WAY, Math.min(LONGEST_WAY, 2 * turn));
    }

    /** A connection has begun there. */
    synchronized void comes(Network from) {
        network = from;
    }

    /** Where the session was last seen; null: nowhere yet. */
    synchronized @Nullable Network network() {
        return network;
    }

    /** The client has found this out; what is new in it. What it tells of nothing that is known here is passed over. */
    synchronized Map<Rung, Verdict> tell(Map<String, String> verdicts) {
        Map<Rung, Verdict> fresh = new EnumMap<>(Rung.class);
        Map<Rung, Verdict> told = past == null ? Map.of() : past.told;
        verdicts.forEach((name, value) -> {
            Rung rung = Rung.of(name);
            Verdict found = Verdict.of(value);
            if (rung != null && found != null && found.isOfTransport() && told.get(rung) != found) {
                fresh.put(rung, found);
            }
        });
        if (!fresh.isEmpty()) {
            Map<Rung, Verdict> all = new EnumMap<>(Rung.class);
            all.putAll(told);
            all.putAll(fresh);
            past().told = all;
        }
        return fresh;
    }

    /** What its present connection comes to; told once, when it changes. */
    void judge(String session, Rung rung, Verdict found) {
        Verdict before = verdict;
        if (before != found) {
            verdict = found;
            LOG.debug(
                    "session {} on {}: {}{}",
                    session,
                    rung.label(),
                    found.label(),
                    before == null ? "" : ", was " + before.label());
        }
    }

    /** A leg has waited for it in vain, or it has confirmed something. Any thread. */
    void silent(boolean now) {
        if (silent != now) {
            silent = now;
        }
    }

    /** Whether it does not answer, or is known to get nothing. Any thread. */
    boolean isFailing() {
        Verdict known = verdict;
        return silent || (known != null && known.isBad());
    }

    /** Null: nothing is known yet. */
    @Nullable
    Verdict verdict() {
        return verdict;
    }

    /**
     * A stream has ended.
     *
     * @param sure whether it had been proved and was the only one, so that its client has not just tried it
     */
    synchronized void left(Departure departure, Rung on, boolean sure) {
        Past now = past();
        now.last = departure;
        now.rung = on;
        now.alone = sure;
    }

    /** A poll has been answered, with that nonce, at {@code now} ns. */
    synchronized void polled(String nonce, long now) {
        Past known = past();
        known.polled = nonce;
        known.answered = now;
    }

    /** The next poll has come, at {@code now} ns. */
    synchronized void polls(long now) {
        if (past != null && past.answered != 0) {
            int took = (int) TimeUnit.NANOSECONDS.toMillis(now - past.answered);
            past.turn = past.turn == UNKNOWN ? took : Math.min(past.turn, took);
            past.answered = 0;
        }
    }

    /** Whether a connection that has ended had that nonce. */
    synchronized boolean had(String nonce) {
        return past != null
                && (nonce.equals(past.polled)
                        || (past.last != null && past.last.nonce().equals(nonce)));
    }

    /** The rung, if a receipt for that nonce, at {@code now} ms, came only because its response has been ended; else null. */
    synchronized @Nullable Rung flushed(String nonce, long now) {
        Departure last = past == null ? null : past.last;
        boolean held = last != null
                && last.reason() == Counters.End.UNPROVED
                && last.nonce().equals(nonce)
                && now - last.at() <= FLUSHED;
        return past != null && held ? past.rung : null;
    }

    /** The stream that was cut, if the client comes back from that at {@code now} ms; once. */
    synchronized @Nullable Departure cut(long now) {
        Departure departure = past == null ? null : past.last;
        if (past == null || departure == null || departure.planned() || !past.alone || now - departure.at() > BACK) {
            return null;
        }
        past.last = null;
        return departure;
    }

    /** Whether an order to change may be given at {@code now} ms; it then counts as given. */
    synchronized boolean mayOrder(long now) {
        Past known = past();
        if (known.ordered != 0 && now - known.ordered < ORDERS) {
            return false;
        }
        known.ordered = now;
        return true;
    }
}
