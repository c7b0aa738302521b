package org.needle.path;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.needle.path.Seen.What;

/**
 * One attempt on one rung, and what was seen of it.
 *
 * @param hold how long the answer may rightly keep silent, in ms: a poll's wait; 0 for streams
 * @param seen in order of time
 */
public record Attempt(Rung rung, long hold, Beside beside, List<Seen> seen) {
    /** Things closer than this, in ms, came together. Boxes add up to about 206 ms to each chunk alike; that is no matter. */
    private static final long TOGETHER = 125;
    /** An opened connection that ends earlier, in ms, was killed for what it is. */
    private static final long KILLED = 1_500;
    /** The two ticks of a stream are 800 and 1050 ms behind its hello: closer than this, in ms, the first was kept back. */
    private static final long SOON = 500;
    /** A hello that was pushed out by the first tick is so old, in ms. */
    private static final long LATE = 700;
    /** Where nothing at all has come, not even a status, the first reply may be slow. */
    private static final long FIRST_REPLY = 8_000;
    /** The gateway ends a response whose hello is not confirmed after at most 3.3 s: what is held comes out then. */
    private static final long UNPROVED = 4_000;

    /** @param now ms since the attempt began */
    public Finding judge(long now) {
        long status = value(What.STATUS);
        Verdict refused = has(What.OTHER) ? Verdict.BLOCKED : refusal(status);
        if (refused != null) {
            return over(refused, status);
        }
        if (has(What.DAMAGED) || value(What.CLOSE) == 1002) {
            return over(Verdict.REWRITTEN, 0);
        }
        if (isProved()) {
            return end() < 0 || isMeant()
                    ? works()
                    : new Finding(beside.blame(Verdict.CUT_AT), true, end() / 1_000, -1);
        }
        return end() < 0 ? open(now) : ended();
    }

    /** What a status says by itself; null if it is none that refuses. */
    private static @Nullable Verdict refusal(long status) {
        return switch ((int) status) {
            case 0, 101, 200, 204 -> null;
            case 405, 501 -> Verdict.METHOD_DENIED;
            case 407 -> Verdict.PROXY_AUTH;
            case 426 -> Verdict.STRIPPED;
            case 511 -> Verdict.CAPTIVE_PORTAL;
            case 408, 429, 500, 502, 503, 504 -> Verdict.UNAVAILABLE;
            default -> Verdict.BLOCKED;
        };
    }

    private Finding over(Verdict verdict, long number) {
        return new Finding(beside.blame(verdict), false, number, -1);
    }

    /** Whether the end was said, or is the regular end of the answer. */
    private boolean isMeant() {
        long code = value(What.CLOSE);
        return has(What.BYE) || has(What.END) || code == 1000 || code == 1001 || code == 1012 || code == 4401;
    }

    private Finding works() {
        if (rung != Rung.WEBSOCKET && !beside.missing().isEmpty()) {
            return new Finding(Verdict.STRIPPED, true, beside.missing().size(), -1);
        }
        if (rung != Rung.WEBSOCKET && beside.http10()) {
            return new Finding(Verdict.HTTP10, true, 0, -1);
        }
        if (isKeptBack()) {
            return new Finding(Verdict.HELD_TO_NEXT, true, 0, -1);
        }
        return beside.delay() > 0
                ? new Finding(Verdict.DELAYED, true, beside.delay(), -1)
                : new Finding(Verdict.CLEAR, true, 0, -1);
    }

    /**
     * Streams are proved by three decoded things that came one after the other: a box that holds data lets them come together, or
     * with the end. Two ticks are enough where only they came together: it was a moment's stall, because nothing is left that a
     * box could hold. A WebSocket has also answered an echo; an answer that ends is proved by being whole.
     */
    private boolean isProved() {
        if (rung.isFinite()) {
            return has(What.HELLO) && (rung.isPoll() || has(What.END));
        }
        boolean both = marks() == 2 && count(What.TICK) >= 2 && end() < 0 && !isBurst() && !isKeptBack();
        return (marks() >= 3 || both) && (rung != Rung.WEBSOCKET || has(What.ECHO));
    }

    /** How often something came that had not come together with what was before it, or with the end. */
    private int marks() {
        int marks = 0;
        long last = -TOGETHER;
        long end = end();
        for (Seen each : seen) {
            boolean flushed = end >= 0 && end - each.at() < TOGETHER;
            if (isMark(each) && each.at() - last >= TOGETHER && !flushed) {
                marks++;
                last = each.at();
            }
        }
        return marks;
    }

    private static boolean isMark(Seen each) {
        return each.what().isDecoded() && each.what() != What.ECHO;
    }

    private Finding ended() {
        long end = end();
        long hello = at(What.HELLO);
        boolean flushed = hello >= 0 && end - hello < TOGETHER && has(What.END);
        if (flushed && (isBurst() || end >= SOON)) {
            return over(Verdict.HELD_TO_END, end);
        }
        if (isBurst() || (hello >= 0 && ticksAt(end) >= 2)) {
            return over(Verdict.BUFFERED, bytes());
        }
        if (has(What.BYE)) {
            return new Finding(Verdict.CLEAR, false, 0, -1);
        }
        return hello < 0 && has(What.END) ? over(Verdict.SWALLOWED, 0) : broken(end, at(What.STATUS));
    }

    /** A poll that had been waiting for a while was not refused: its wait is too long for the path. */
    private Finding broken(long end, long status) {
        if (status < 0) {
            return hold > 0 && end >= KILLED ? over(Verdict.CUT_AT, end / 1_000) : over(Verdict.BLOCKED, 0);
        }
        if (has(What.SILENCE) && at(What.HELLO) < 0) {
            return over(Verdict.SWALLOWED, 0);
        }
        return end - status < KILLED
                ? over(Verdict.KILLED_AFTER_OPEN, end - status)
                : over(Verdict.CUT_AT, end / 1_000);
    }

    private Finding open(long now) {
        if (isBurst()) {
            return over(Verdict.BUFFERED, bytes());
        }
        boolean endsUnproved = rung == Rung.SSE || rung == Rung.STREAM;
        long budget = hold + Math.max(Beside.budget(beside.rtt()), endsUnproved ? UNPROVED : 0);
        long last = Math.max(at(What.STATUS), lastMark());
        boolean silent = now >= (last < 0 ? hold + FIRST_REPLY : last + budget);
        if (isKeptBack() && now >= last + SOON) {
            return new Finding(Verdict.HELD_TO_NEXT, false, 0, silent ? -1 : last + budget);
        }
        if (!silent) {
            return new Finding(
                    null, false, 0, isKeptBack() ? last + SOON : last < 0 ? hold + FIRST_REPLY : last + budget);
        }
        return last >= 0 ? over(Verdict.SWALLOWED, 0) : broken(now, -1);
    }

    /** Whether the first tick pushed the hello out, and itself was pushed out by the second: nobody sends them so close. */
    private boolean isKeptBack() {
        long hello = at(What.HELLO);
        long between = at(What.TICK) - hello;
        return hello >= LATE && between >= TOGETHER && between < SOON;
    }

    /** Whether a tick came together with the hello that it was sent long after. */
    private boolean isBurst() {
        long hello = at(What.HELLO);
        long tick = at(What.TICK);
        return hello >= 0 && tick >= 0 && tick - hello < TOGETHER;
    }

    private long count(What what) {
        return seen.stream().filter(each -> each.what() == what).count();
    }

    /** How many ticks came together with the end. */
    private long ticksAt(long end) {
        return seen.stream()
                .filter(each -> each.what() == What.TICK && end - each.at() < TOGETHER)
                .count();
    }

    private long bytes() {
        long bytes = 0;
        for (Seen each : seen) {
            bytes = each.what().isDecoded() && each.at() - at(What.HELLO) < TOGETHER ? each.value() : bytes;
        }
        return bytes;
    }

    private long lastMark() {
        long last = -1;
        for (Seen each : seen) {
            last = isMark(each) ? each.at() : last;
        }
        return last;
    }

    private long end() {
        return seen.stream()
                .filter(each -> each.what().isEnd())
                .mapToLong(Seen::at)
                .findFirst()
                .orElse(-1);
    }

    private boolean has(What what) {
        return at(what) >= 0;
    }

    private long at(What what) {
        return seen.stream()
                .filter(each -> each.what() == what)
                .mapToLong(Seen::at)
                .findFirst()
                .orElse(-1);
    }

    private long value(What what) {
        return seen.stream()
                .filter(each -> each.what() == what)
                .mapToLong(Seen::value)
                .findFirst()
                .orElse(0);
    }
}
