package org.needle.path;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one network. Immutable: whatever is learned gives its successor. Times are ms of one steady clock.
 *
 * <p>Many clients may share a network, and some may lie. So whoever says that something is wrong is believed, because all that follows
 * costs only a little: answers that end and are asked for again. Whoever says that all is well counts only for clients that look the same
 * from here, only while nobody contradicts, and even then no response goes on for ever. All of it is forgotten after {@link #KEPT}.
 *
 * @param words the verdict on each rung
 * @param cuts how connections are cut
 * @param missing how often in a row clients came back without saying where they were
 * @param clear who was last seen to get data as it was sent
 */
public record Evidence(Map<Rung, Word> words, Cuts cuts, int missing, Witness clear) {
    /** How long anything is known, in ms. */
    public static final long KEPT = 30 * 60_000L;

    public static final Evidence NONE = new Evidence(Map.of(), Cuts.NONE, 0, new Witness(0, 0));

    private static final long CLEAR_KEPT = 10 * 60_000L;
    private static final int LONGER = 6;
    private static final long RETRY = 3_000;
    private static final long RETRY_CUT = 300;
    private static final long RETRY_CYCLE = 100;

    /**
     * A client that gets data as it is sent.
     *
     * @param client what it looks like from here; 0: it cannot be told from others
     */
    public record Witness(int client, long at) {}

    static boolean isFresh(long at, long now) {
        return now - at < KEPT;
    }

    /** After a verdict was told or found. A good one does not outdo a bad one: others may still be worse off. */
    public Evidence word(Rung rung, Verdict verdict, long now) {
        Verdict before = verdict(rung, now);
        if (!verdict.isOfTransport() || (verdict == Verdict.CLEAR && before != null && before != Verdict.CLEAR)) {
            return this;
        }
        Map<Rung, Word> all = new EnumMap<>(Rung.class);
        all.putAll(words);
        all.put(rung, new Word(verdict, now));
        return new Evidence(Map.copyOf(all), cuts, missing, clear);
    }

    /** After a connection was cut: see {@link Cuts#cut}. */
    public Evidence cut(long age, long quiet, long now) {
        return new Evidence(words, cuts.cut(age, quiet, now), missing, clear);
    }

    /** After a client came back, and said where it was or did not. */
    public Evidence returned(boolean withPosition) {
        return new Evidence(words, cuts, withPosition ? 0 : missing + 1, clear);
    }

    /** After {@code client} was seen to get data as it was sent. */
    public Evidence clear(int client, long now) {
        return new Evidence(words, cuts, missing, new Witness(client, now));
    }

    /** Together with what is known of a wider network around, of which only the bad counts. */
    public Evidence within(Evidence wider, long now) {
        Evidence all = this;
        for (Map.Entry<Rung, Word> each : wider.words.entrySet()) {
            Word word = each.getValue();
            if (word.verdict() != Verdict.CLEAR && isFresh(word.at(), now)) {
                all = all.word(each.getKey(), word.verdict(), word.at());
            }
        }
        return all.cuts.any(now) ? all : new Evidence(all.words, wider.cuts, missing, clear);
    }

    /** What is known of a rung, or null. */
    public @Nullable Verdict verdict(Rung rung, long now) {
        Word word = words.get(rung);
        return word != null && isFresh(word.at(), now) ? word.verdict() : null;
    }

    /** A rung that is clear, where {@code rung} is known to be none to stay on; null: none is known. */
    public @Nullable Rung better(Rung rung, long now) {
        Verdict verdict = verdict(rung, now);
        if (verdict == null || !verdict.isBad()) {
            return null;
        }
        for (Rung other : Rung.ALL) {
            if (!other.isFinite() && verdict(other, now) == Verdict.CLEAR) {
                return other;
            }
        }
        return null;
    }

    /**
     * How a stream should go on.
     *
     * @param client as of {@link Witness}
     */
    public Pace pace(Manner manner, Rung rung, Pace.Usual usual, int client, long now) {
        Verdict verdict = verdict(rung, now);
        boolean returns = manner != Manner.STAYS;
        int enough = verdict == Verdict.CUT_AT ? 1 : 2;
        long known = returns ? cuts.life(enough, now) : 0;
        long life = known > 0 ? known : returns && rung != Rung.WEBSOCKET ? usual.life() : 0;
        long heartbeat = cuts.heartbeat(usual.heartbeat(), enough, now);
        if (manner != Manner.RETURNS) {
            long trail = verdict == Verdict.HELD_TO_NEXT ? Pace.SOON : manner == Manner.TELLS ? Pace.LATER : 0;
            return new Pace(heartbeat, life, Pace.NEVER, rung == Rung.WEBSOCKET ? 0 : trail, RETRY);
        }
        boolean cut = verdict == Verdict.CUT_AT || cuts.any(now);
        boolean isClear = isClear(verdict, client, now);
        long hold = hold(verdict, usual.hold(), isClear);
        long trail = hold == 0 || isClear ? 0 : verdict == Verdict.HELD_TO_NEXT ? Pace.SOON : Pace.LATER;
        return new Pace(heartbeat, life, hold, trail, hold == 0 ? RETRY_CYCLE : cut ? RETRY_CUT : RETRY);
    }

    /** Whether {@code client} was lately seen to get data as it was sent, and nobody says otherwise of the rung. */
    public boolean isClear(Rung rung, int client, long now) {
        return isClear(verdict(rung, now), client, now);
    }

    private boolean isClear(@Nullable Verdict verdict, int client, long now) {
        boolean seen = client != 0 && clear.client() == client && now - clear.at() < CLEAR_KEPT;
        return seen && (verdict == null || verdict == Verdict.CLEAR);
    }

    /** An answer that is ended costs events where clients cannot say where they were, so that is done seldom there. */
    private long hold(@Nullable Verdict verdict, long usual, boolean isClear) {
        boolean pushed = verdict == Verdict.HELD_TO_NEXT;
        if (missing >= 2 || isClear || pushed) {
            return usual * LONGER;
        }
        return holds(verdict) ? 0 : usual;
    }

    /** Whether such a path lets go only of what has ended. */
    private static boolean holds(@Nullable Verdict verdict) {
        return verdict == Verdict.HELD_TO_END || verdict == Verdict.BUFFERED || verdict == Verdict.SWALLOWED;
    }
}
