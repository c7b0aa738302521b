package org.needle.edge;

import java.util.concurrent.TimeUnit;
import org.needle.hub.SystemClock;
import org.needle.path.Manner;
import org.needle.path.Rung;
import org.needle.path.Verdict;

/**
 * Whether data comes through on one stream. Two separated ticks prove it to the client: headers and a first block also come through
 * boxes that hold everything after them; an event is as good as a tick. To us it is proved by receipts, if they were promised: for the
 * hello, and then for as long as they keep up with what is written. Times in ns. Event loop only.
 */
final class Proof {
    private static final int FIRST_MS = 800;
    private static final int SECOND_MS = 250;
    /** What a receipt may take beyond the second tick and its way. */
    private static final int SLACK_MS = 250;

    /** Receipts come every 250 ms while events flow. */
    private static final long BEHIND = TimeUnit.SECONDS.toNanos(5);
    /** Events flow, if more came so long after the first that was not answered. */
    private static final long FLOWING = TimeUnit.SECONDS.toNanos(1);

    private final PacedSubscriber stream;
    private final boolean promised;
    private boolean proved;
    /** Since when a receipt is owed for events, without the time in which none could be read; 0: none is. */
    private long owed;
    /** When events were written last. */
    private long wrote;

    Proof(PacedSubscriber stream) {
        this.stream = stream;
        this.promised = stream.manner() == Manner.TELLS;
    }

    void begin() {
        after(
                FIRST_MS,
                () -> after(SECOND_MS, () -> {
                    if (promised) {
                        later(SLACK_MS + stream.session.path().patience(), this::due);
                    } else {
                        prove(); // no better evidence will come from a client that promises no receipts
                    }
                }));
    }

    private void after(int ms, Runnable then) {
        long from = SystemClock.nanos();
        later(ms, () -> {
            if (stream.isQuietSince(from)) {
                stream.tick();
            }
            if (stream.isFollowing()) {
                then.run();
            }
        });
    }

    private void later(int ms, Runnable then) {
        stream.channel.eventLoop().schedule(then, ms, TimeUnit.MILLISECONDS);
    }

    boolean isProved() {
        return proved;
    }

    private void prove() {
        proved = true;
        stream.proved();
    }

    /** A receipt for up to {@code offset} came. */
    void receipt(long offset, long now) {
        boolean all = offset >= stream.subscription().offset();
        SessionPath path = stream.session.path();
        Verdict shown = stream.tempo().shown(all);
        // it waited for what followed, and not for the way, which is shorter
        boolean late = shown == Verdict.HELD_TO_NEXT && path.rtt(SECOND_MS) < SECOND_MS / 2;
        if (shown == Verdict.CLEAR) {
            stream.edge.paths.clear(stream);
        }
        if (late || !proved) {
            judge(late ? Verdict.HELD_TO_NEXT : Verdict.CLEAR);
        }
        if (!proved) {
            path.answered(ms(now - stream.tempo().opened()));
        } else if (all && owed != 0) {
            path.answered(ms(now - wrote));
        }
        owed = all ? 0 : owed == 0 ? 0 : now;
        prove();
    }

    private void judge(Verdict verdict) {
        stream.session.path().judge(stream.session.id(), stream.rung(), verdict);
        if (verdict == Verdict.HELD_TO_NEXT) {
            stream.edge.paths.found(stream.network(), stream.rung(), verdict);
        }
    }

    private static int ms(long ns) {
        return (int) TimeUnit.NANOSECONDS.toMillis(ns);
    }

    /** Events were written. */
    void wrote(long now) {
        wrote = now;
        if (owed == 0 && promised) {
            owed = now;
        }
    }

    /** The receipt for the hello should be here by now. */
    private void due() {
        if (stream.isFollowing() && !proved) {
            unproved();
        }
    }

    private void unproved() {
        stream.edge.counters.unproved.get(stream.join.transport()).increment();
        // a client that was heard of since is there, and has not got this
        if (stream.session.path().heardSince(stream.tempo().opened()) && stream.rung() != Rung.WEBSOCKET) {
            judge(Verdict.SWALLOWED);
        }
        stream.unproved();
    }

    /** Looks whether receipts keep up; {@code silence} is how long a client may say nothing. */
    void sweep(long now, long silence) {
        if (!promised || owed == 0) {
            return;
        }
        owed = Math.min(now, owed + stream.loop.late()); // a receipt may be here, unread
        if (now - owed > BEHIND && wrote - owed > FLOWING) {
            owed = now;
            unproved();
        } else if (now - owed > silence && !stream.session.path().heardSince(now - silence)) {
            stream.lose(Counters.End.SILENT);
        }
    }
}
