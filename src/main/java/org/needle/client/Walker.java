package org.needle.client;

import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.needle.path.Act;
import org.needle.path.Fact;
import org.needle.path.Finding;
import org.needle.path.Ladder;
import org.needle.path.Rung;
import org.needle.path.Seen.What;
import org.needle.path.Verdict;
import org.needle.wire.ServerFrame;

/** Walks the ladder: does what it says, and tells it what comes of it. The owner's thread only. */
final class Walker implements Trial.Ear {
    private static final long UNPROVED = 2_000;
    private static final int AGAIN = 2;

    private final Following following;
    private final FollowListener listener;
    private final Owner owner;
    private final RandomGenerator chance;
    private final Dial dial;
    private final Stream stream;
    private final Receipts receipts;
    private final Gate gate;
    private final Trials trials;
    private final Verdicts verdicts;
    private final Alarm alarm;
    /** How often a rung was tried again because this process was kept from its work. */
    private final Map<Rung, Integer> again = new EnumMap<>(Rung.class);

    private Ladder ladder;
    private long ladderWake = -1;
    private int url;
    private boolean closed;

    Walker(Following following, FollowListener listener, Owner owner, RandomGenerator chance) {
        this.following = following;
        this.listener = listener;
        this.owner = owner;
        this.chance = chance;
        this.dial = new Dial(following.way());
        this.stream = new Stream(following, listener, chance);
        this.receipts = new Receipts(dial);
        this.gate = new Gate(dial, owner, listener);
        this.trials = new Trials(following.plan().order(), dial, owner, stream, this::base);
        this.verdicts = new Verdicts(listener, receipts, trials);
        this.ladder = Ladder.of(following.plan());
        this.alarm = new Alarm(owner, this::pulse);
    }

    void start() {
        say(new Fact.Start(null));
        arm();
    }

    void close() {
        closed = true;
        alarm.cancel();
        trials.close();
    }

    void networkChanged() {
        dial.renew();
        say(new Fact.Network());
        arm();
    }

    @Nullable
    String position() {
        return stream.position();
    }

    @Nullable
    Rung on() {
        return ladder.on();
    }

    private URI base() {
        return following.urls().get(url % following.urls().size());
    }

    // ---- what the ladder says ----

    private void say(Fact fact) {
        if (closed) {
            return;
        }
        Ladder.Move move = ladder.on(fact, owner.now(), chance.nextDouble());
        ladder = move.next();
        ladderWake = move.wake();
        for (Act act : move.acts()) {
            Rung rung = act.rung();
            if (rung == null) {
                gate.check(base(), stream.random(), trials.live(), this::checked);
                continue;
            }
            switch (act.what()) {
                case OPEN -> trials.open(rung, this);
                case ADOPT -> {
                    trials.keep(rung);
                    listener.transport(rung);
                }
                case CLOSE, CHECK -> trials.drop(rung);
            }
        }
    }

    private void checked(Fact.Checked checked) {
        if (closed) {
            return;
        }
        if (gate.failures() > 1 && following.urls().size() > 1) {
            url++; // another way to the same gateway
            gate.forget();
            trials.dropAll();
            ladder = Ladder.of(following.plan());
            say(new Fact.Start(null));
        } else {
            say(checked);
        }
        verdicts.conclude(checked.info().passes() ? ladder.out() : null);
        arm();
    }

    // ---- what comes of it ----

    @Override
    public void frame(Trial trial, ServerFrame frame) {
        if (closed || !trials.has(trial)) {
            return;
        }
        if (frame instanceof ServerFrame.Switch order) {
            Rung rung = Rung.of(order.transport());
            Verdict reason = Verdict.of(order.reason());
            if (rung != null) {
                say(new Fact.Switch(rung, reason == null ? Verdict.BLOCKED : reason));
            }
        } else if (!stream.take(trial, frame)) {
            trials.again(trial, this);
        } else if (frame instanceof ServerFrame.Hello) {
            receipts.send(trial, owner.now());
            gate.reached();
            trials.admit(this);
        }
    }

    @Override
    public void changed(Trial trial) {
        if (!closed && trials.has(trial)) {
            if (trial.news) {
                weigh(trial, owner.now());
            }
            arm();
        }
    }

    private void weigh(Trial trial, long now) {
        trial.news = false;
        Finding finding = trial.judge(now, gate.beside());
        verdicts.note(trial, finding);
        if (finding.proved() && !trial.told) {
            trial.told = true;
            again.remove(trial.rung());
            say(new Fact.Proved(trial.rung()));
        }
        if (!trials.has(trial)) {
            return;
        }
        Verdict verdict = finding.verdict();
        if (verdict != null && (finding.isOver() || verdict == Verdict.CUT_AT)) {
            failed(trial, finding, verdict);
        } else if (trial.isEnded()) {
            ended(trial, now);
        }
    }

    /** What came together may have come together only here. */
    private static boolean isStall(Trial trial, Verdict verdict) {
        return trial.disturbed && (verdict == Verdict.BUFFERED || verdict == Verdict.HELD_TO_END);
    }

    private void ended(Trial trial, long now) {
        ServerFrame.Bye bye = trial.bye();
        Rung rung = trial.rung();
        if (rung.isFinite() && trial.told) {
            trials.next(trial, this);
            return;
        }
        trials.drop(rung);
        long life = now - trial.born;
        long delay = bye == null ? 0 : bye.retryAfter();
        if (trial.told && life < UNPROVED && bye != null && bye.reason().equals("unproved")) {
            say(new Fact.Over(rung, Verdict.CUT_AT, 0, life)); // our receipts do not get through
        } else {
            say(new Fact.Bye(rung, trial.told ? delay : Math.max(delay, UNPROVED)));
        }
    }

    private void failed(Trial trial, Finding finding, Verdict verdict) {
        Rung rung = trial.rung();
        if (isStall(trial, verdict) && again.merge(rung, 1, Integer::sum) <= AGAIN) {
            trials.again(trial, this);
            return;
        }
        trials.drop(rung);
        if (rung.isFinite() && (verdict == Verdict.CUT_AT || verdict == Verdict.UNAVAILABLE)) {
            trials.shorten();
        }
        if (verdict == Verdict.CUT_AT || trial.isSilent()) {
            dial.renew(); // what cut one connection may have cut those that are kept for later, too
        }
        verdicts.suspect(trial, finding);
        say(new Fact.Over(rung, verdict, finding.number(), owner.now() - trial.born));
        trials.admit(this);
    }

    @Override
    public void refused(Trial trial, int status, String title) {
        if (closed || !trials.has(trial)) {
            return;
        }
        trials.drop(trial.rung());
        if (status == 403 && stream.hasBegun()) {
            stream.forget(); // the session may be somebody else's now
            say(new Fact.Bye(trial.rung(), 0));
        } else {
            listener.refused(status, title);
            say(new Fact.Refused(trial.rung()));
        }
        arm();
    }

    // ---- time ----

    private void pulse(boolean late, boolean asleep) {
        long now = owner.now();
        if (asleep) {
            dial.renew();
            say(new Fact.Wake());
        }
        for (Trial trial : trials.all()) {
            trial.disturbed |= late && !trial.told;
            if (trials.has(trial)) {
                look(trial, now);
            }
        }
        trials.admit(this);
        trials.live().forEach(trial -> receipts.due(trial, now));
        if (ladderWake >= 0 && now >= ladderWake) {
            say(new Fact.Time());
        }
        arm();
    }

    private void look(Trial trial, long now) {
        long silence = trial.silentAt();
        if (silence >= 0 && now >= silence) {
            trial.seen(now, What.SILENCE, 0);
        } else {
            weigh(trial, now);
        }
    }

    private void arm() {
        if (closed) {
            return;
        }
        long now = owner.now();
        alarm.clear();
        alarm.add(ladderWake);
        for (Trial trial : trials.live()) {
            alarm.add(trial.silentAt());
            alarm.add(trial.rung().isPoll() ? -1 : trial.due.at());
            if (!trial.told) {
                long wake = trial.judge(now, gate.beside()).wake();
                alarm.add(wake < 0 ? -1 : trial.born + wake);
                alarm.pulse();
            }
        }
        if (trials.areWaiting()) {
            alarm.pulse();
        }
        alarm.set(now);
    }
}
