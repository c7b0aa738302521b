package org.needle.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.needle.path.Attempt;
import org.needle.path.Beside;
import org.needle.path.Finding;
import org.needle.path.Rung;
import org.needle.path.Seen;
import org.needle.path.Seen.What;
import org.needle.path.Verdict;
import org.needle.wire.ServerFrame;

/** One attempt on one rung: its link, what was seen of it, and what that comes to. The owner's thread only. */
final class Trial implements Link.Sink {
    /** More than this is not needed to judge, and events may be many. */
    private static final int KEPT = 200;

    private static final long EVENTS_APART = 20;

    /** Takes what a trial brings. */
    interface Ear {
        void frame(Trial trial, ServerFrame frame);

        /** Something was seen that may change the finding. */
        void changed(Trial trial);

        void refused(Trial trial, int status, String title);
    }

    final Ask ask;
    final long born;
    final Cursor.Place place;
    final Receipts.Due due = new Receipts.Due();
    private final Ear ear;
    private final List<Seen> seen = new ArrayList<>();
    private @Nullable Link link;
    private @Nullable String reason;
    private ServerFrame.@Nullable Hello hello;
    private ServerFrame.@Nullable Bye bye;
    private long lastAlive;
    private boolean ended;
    private boolean dead;
    /** The proof has been told to the ladder. */
    boolean told;

    /** This process was kept from its work meanwhile, so what came together says nothing. */
    boolean disturbed;

    /** Something has been seen that the finding does not count yet. */
    boolean news;

    Trial(Ask ask, Cursor.Place place, long now, Ear ear) {
        this.ask = ask;
        this.place = place;
        this.born = now;
        this.lastAlive = now;
        this.ear = ear;
    }

    void on(Link opened) {
        link = opened;
    }

    Rung rung() {
        return ask.rung();
    }

    /** Null until it has come. */
    ServerFrame.@Nullable Hello hello() {
        return hello;
    }

    ServerFrame.@Nullable Bye bye() {
        return bye;
    }

    boolean isEnded() {
        return ended;
    }

    /** When a stream that has been proved is dead; -1: never. */
    long silentAt() {
        ServerFrame.Hello first = hello;
        if (first == null || !told || ended || rung().isFinite()) {
            return -1;
        }
        return lastAlive + Beside.silence(first.heartbeat());
    }

    /** Whether it failed by silence, so that other connections through the same boxes may be dead too. */
    boolean isSilent() {
        return seen.stream().noneMatch(each -> each.what() == What.RESET || each.what() == What.STATUS)
                || seen.stream().anyMatch(each -> each.what() == What.SILENCE);
    }

    long lastAlive() {
        return lastAlive;
    }

    /** Why it ended, in the words of whoever said so; empty if nobody did. */
    String reason() {
        return reason == null ? "" : reason;
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }

    Finding judge(long now, Beside beside) {
        Finding finding = new Attempt(rung(), 1_000 * ask.hold(), beside, seen).judge(now - born);
        boolean cut = told && !finding.proved() && !rung().isFinite() && refusal() == 0;
        return cut ? afterProof(now, finding) : finding;
    }

    /** What had been proved a moment before its end was not held, though it ended together with what came last. */
    private Finding afterProof(long now, Finding finding) {
        Verdict verdict = finding.verdict();
        boolean meant = bye != null || verdict == Verdict.HELD_TO_END;
        return verdict == null || verdict == Verdict.REWRITTEN
                ? finding
                : new Finding(meant ? Verdict.CLEAR : Verdict.CUT_AT, true, meant ? 0 : (now - born) / 1_000, -1);
    }

    /** The status that refuses; 0 if none does. */
    private long refusal() {
        return seen.stream()
                .filter(each -> each.what() == What.STATUS && each.value() >= 300)
                .mapToLong(Seen::value)
                .findFirst()
                .orElse(0);
    }

    boolean send(String json) {
        return link != null && link.send(json);
    }

    void close() {
        dead = true;
        if (link != null) {
            link.close();
        }
    }

    // ---- from the link ----

    @Override
    public void seen(long at, What what, long value) {
        if (dead || ended) {
            return;
        }
        note(at, what, value);
        ear.changed(this);
    }

    @Override
    public void frames(long at, List<ServerFrame> frames, long bytes) {
        alive(at);
        for (ServerFrame frame : frames) {
            if (dead) {
                return;
            }
            note(at, frame, bytes);
            if (frame instanceof ServerFrame.Event event && !event.intact()) {
                break; // what comes behind it would come in its place
            }
            ear.frame(this, frame);
        }
        if (!dead) {
            ear.changed(this);
        }
    }

    private void note(long at, ServerFrame frame, long bytes) {
        if (frame instanceof ServerFrame.Hello first) {
            hello = first;
            note(at, What.HELLO, bytes);
        } else if (frame instanceof ServerFrame.Tick) {
            note(at, What.TICK, bytes);
        } else if (frame instanceof ServerFrame.Echo) {
            note(at, What.ECHO, bytes);
        } else if (frame instanceof ServerFrame.Bye end) {
            bye = end;
            note(at, What.BYE, 0);
        } else if (frame instanceof ServerFrame.Event event) {
            note(at, event.intact() ? What.EVENT : What.DAMAGED, bytes);
        }
    }

    private void note(long at, What what, long value) {
        boolean end = what.compareTo(What.BYE) >= 0 || what == What.DAMAGED;
        ended |= what.compareTo(What.END) >= 0;
        if (!end && (seen.size() >= KEPT || (what == What.EVENT && isSoon(at)))) {
            return;
        }
        seen.add(new Seen(Math.max(0, at - born), what, value));
        news = true;
    }

    private boolean isSoon(long at) {
        Seen last = seen.isEmpty() ? null : seen.get(seen.size() - 1);
        return last != null && last.what() == What.EVENT && at - born - last.at() < EVENTS_APART;
    }

    @Override
    public void alive(long at) {
        lastAlive = Math.max(lastAlive, at);
    }

    @Override
    public void refused(int status, String title) {
        if (!dead) {
            ear.refused(this, status, title);
        }
    }

    @Override
    public void reason(String text) {
        reason = text;
    }
}
