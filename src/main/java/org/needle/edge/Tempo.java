package org.needle.edge;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Subscription;
import org.needle.path.Manner;
import org.needle.path.Pace;
import org.needle.path.Rung;
import org.needle.path.Verdict;

/**
 * When one stream says something for its path's sake, and when it ends for it. Times in ns. Event loop only.
 */
final class Tempo {
    /** A shorter life than this is not left to the sweep, which looks once a second. */
    private static final long BRIEF = TimeUnit.MINUTES.toNanos(1);

    /** Receipts that may be behind by chance. */
    private static final int FEW = 4;

    private final PacedSubscriber stream;
    private final Pace pace;
    private final long opened;
    private long joined;
    /** So that many who began together do not all come back at once. */
    private final float chance;

    /** In ms, where nothing more is known than of the path. */
    private final int usual;
    /** In ms. */
    private int trail;
    /** What the trail should be is known. */
    private boolean sure;
    /** Receipts that were for less than all. */
    private int behind;
    /** When the oldest event on this response was written; 0: there is none. */
    private long oldest;

    /** Whatever was written last. */
    private long lastWrite;
    /** As lastWrite, without the comments that clients do not see. */
    private long lastData;
    /** As lastData, without the ticks that a receipt for what was before them is as good for. */
    private long lastNews;

    private boolean armed;
    /** The next one in the same place of the wheel. */
    @Nullable
    Tempo next;

    Tempo(PacedSubscriber stream, Pace pace, long now) {
        this.stream = stream;
        this.pace = pace;
        this.opened = now;
        this.lastWrite = now;
        this.lastData = now;
        this.lastNews = now;
        this.usual = stream.rung() == Rung.SSE ? Math.toIntExact(pace.trail()) : 0; // others have no comments
        this.trail = usual;
        this.chance = ThreadLocalRandom.current().nextFloat();
        if (pace.life() != 0 && life() < BRIEF) {
            stream.channel.eventLoop().schedule(stream::outlived, life(), TimeUnit.NANOSECONDS);
        }
    }

    private long life() {
        return part(pace.life(), 0.9 + 0.2 * chance);
    }

    private long hold() {
        return part(pace.hold(), 0.75 + 0.15 * chance);
    }

    /** Since when it is open. */
    long opened() {
        return opened;
    }

    private static long part(long ms, double factor) {
        return (long) (TimeUnit.MILLISECONDS.toNanos(ms) * factor);
    }

    Pace pace() {
        return pace;
    }

    /** The cursor has been taken. */
    void joins(long offset) {
        joined = offset;
    }

    /** The position that the hello had, as an offset. */
    long joined() {
        return joined;
    }

    /** The hello has been written; {@code unknown} if the client has nothing yet by which it could come back. */
    void greeted(long now, boolean unknown) {
        if (unknown && oldest == 0) {
            oldest = now;
        }
        told(now, true);
    }

    /** Events have been written. */
    void wrote(long now) {
        if (oldest == 0) {
            oldest = now;
        }
        told(now, true);
    }

    /** Something has been written; {@code news} if its position is another one than before. */
    void told(long now, boolean news) {
        lastWrite = now;
        lastData = now;
        if (news) {
            lastNews = now;
        }
        if (!armed) {
            arm(now);
        }
    }

    /** A comment has been written. */
    void murmured(long now) {
        lastWrite = now;
    }

    /** True if nothing that the client sees has been sent since {@code ns}. */
    boolean isQuietSince(long ns) {
        return lastData - ns <= 0;
    }

    private long trail() {
        return TimeUnit.MILLISECONDS.toNanos(trail);
    }

    private void arm(long now) {
        if (trail != 0) {
            again(now + trail());
        }
    }

    private void again(long at) {
        armed = true;
        stream.loop.trails().add(this, at);
    }

    /** What was last written may have to be pushed on; where it is known to be late, twice: one that came to the box together with it is held with it. */
    void due(long now) {
        armed = false;
        if (trail == 0 || !stream.isFollowing()) {
            return;
        }
        long quiet = now - lastData;
        boolean followed = lastWrite - lastData > 0;
        if (!followed && quiet < trail()) {
            again(lastData + trail());
            return;
        }
        boolean enough = followed ? quiet >= part(Pace.LATER, 1) : trail != Pace.SOON;
        if (!followed || enough) {
            stream.murmur();
        }
        if (!enough || lastWrite - lastData <= 0) {
            again(now + trail());
        }
    }

    /**
     * A receipt came, for {@code all} that was written or for less. If nothing has followed what is confirmed, nothing has to; if a comment
     * or a tick has, that may have pushed it on. As long as more data has each time, nothing is known, but it is tried for a while whether comments
     * help. Null: that says nothing (new).
     */
    @Nullable
    Verdict shown(boolean all) {
        if (sure) {
            return null;
        }
        sure = all || usual == 0;
        long followed = lastWrite - lastNews;
        if (sure && followed <= 0) {
            trail = 0;
            return Verdict.CLEAR;
        }
        if (usual == Pace.SOON) {
            return null;
        }
        behind++;
        trail = sure || (behind > FEW && behind <= 3 * FEW) ? Pace.SOON : Pace.UNSURE;
        return sure && followed > part(Pace.LATER, 0.5) ? Verdict.HELD_TO_NEXT : null;
    }

    /** Why it should end now, or null. */
    Counters.@Nullable End over(long now) {
        if (oldest != 0 && pace.hold() != Pace.NEVER && now - oldest >= hold()) {
            return Counters.End.HOLD;
        }
        return pace.life() != 0 && now - opened >= life() ? Counters.End.LIFE : null;
    }

    boolean needsSign(long now) {
        return now - lastWrite >= TimeUnit.MILLISECONDS.toNanos(pace.heartbeat());
    }

    /** Notes how the stream ended, for when its client comes back. */
    void left(Counters.End reason, boolean broken, long now) {
        if (stream.manner() == Manner.STAYS || !(reason.isForThePath() || reason == Counters.End.CLIENT)) {
            return;
        }
        Subscription subscription = stream.subscription();
        Departure departure = new Departure(
                stream.session.id(),
                stream.nonce(),
                subscription.offset(),
                joined,
                TimeUnit.NANOSECONDS.toMillis(now),
                TimeUnit.NANOSECONDS.toMillis(now - opened),
                TimeUnit.NANOSECONDS.toMillis(now - lastWrite),
                oldest == 0 || broken ? 0 : TimeUnit.NANOSECONDS.toMillis(now - oldest),
                reason);
        if (stream.manner() == Manner.RETURNS) {
            stream.edge.paths.departures.left(new Departures.Look(stream.network(), stream.join.filters()), departure);
        } else {
            boolean sure = stream.proof().isProved() && !stream.session.isConnected();
            stream.session.path().left(departure, stream.rung(), sure);
        }
    }
}
