package org.needle.path;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.needle.path.Ladder.Move;

/** One move of a ladder, on a copy of its state. One thread, used once. */
final class Step {
    private static final long BESIDE = 2_000;
    /** What a proof takes beyond the way. */
    private static final long PROOF = 1_300;

    private final Plan plan;
    private final Map<Rung, Standing> rungs;
    private final Walk walk;
    private final long now;
    private final double chance;
    private final List<Act> acts = new ArrayList<>();
    private @Nullable Rung on;
    private long wake = Walk.NEVER;

    Step(Ladder from, long now, double chance) {
        this.plan = from.plan;
        this.rungs = new EnumMap<>(from.rungs);
        this.on = from.on;
        this.walk = from.walk.copy();
        this.now = now;
        this.chance = chance;
    }

    Move take(Fact fact) {
        if (fact instanceof Fact.Start start) {
            start(start.memory());
        } else if (fact instanceof Fact.Checked checked) {
            checked(checked);
        } else if (fact instanceof Fact.Proved proved) {
            proved(proved.rung());
        } else if (fact instanceof Fact.Over over) {
            over(over);
        } else if (fact instanceof Fact.Bye bye) {
            bye(bye);
        } else if (fact instanceof Fact.Switch order) {
            change(order);
        } else {
            moment(fact);
        }
        if (walk.retryAt != Walk.NEVER) {
            wakeAt(walk.retryAt);
        } else if (!walk.checking) {
            climb();
        }
        return new Move(new Ladder(plan, Map.copyOf(rungs), on, walk), List.copyOf(acts), wake);
    }

    private void moment(Fact fact) {
        if (fact instanceof Fact.Refused refused) {
            gone(refused.rung(), 0);
            waitALittle(false);
        } else if (fact instanceof Fact.Wake) {
            leave();
            check();
        } else if (fact instanceof Fact.Network) {
            plan.order().forEach(rung -> set(rung, Standing.FRESH.trying(at(rung).trying())));
            walk.forget();
            leave();
            check();
        } else if (walk.retryAt != Walk.NEVER && now >= walk.retryAt) {
            check();
        }
    }

    private void start(Plan.@Nullable Memory memory) {
        if (memory != null && plan.order().contains(memory.rung())) {
            walk.known = true;
            walk.best = memory.rung();
            memory.out().forEach((rung, verdict) -> {
                if (plan.rank(rung) < plan.rank(memory.rung())) {
                    set(rung, at(rung).out(verdict));
                }
            });
        }
        check();
    }

    private void checked(Fact.Checked checked) {
        walk.checking = false;
        if (!checked.info().passes()) {
            waitALittle(checked.info() == Beside.Info.PORTAL);
            return;
        }
        walk.beside = Math.max(BESIDE, checked.rtt() + PROOF);
        if (on == null && walk.pending.isEmpty()) {
            walk.pollAt = walk.known ? now + walk.beside : now;
        }
        walk.pending.forEach(this::strike);
        walk.pending = List.of();
    }

    private void proved(Rung rung) {
        set(rung, at(rung).proved());
        walk.tries = 0;
        walk.known = true;
        if (plan.rank(rung) > plan.rank(on)) {
            act(Act.What.CLOSE, rung);
            return;
        }
        on = rung;
        act(Act.What.ADOPT, rung);
        for (Rung worse : plan.order()) {
            if (plan.rank(worse) > plan.rank(rung)) {
                set(worse, at(worse).trying(false));
            }
        }
        if (rung != walk.best) {
            walk.best = rung;
            walk.probeEvery = plan.probe();
            walk.probeAt = Walk.NEVER;
        }
    }

    private void over(Fact.Over over) {
        gone(over.rung(), 0);
        if (walk.retryAt != Walk.NEVER) {
            return;
        }
        if (over.verdict() == Verdict.PROXY_AUTH) {
            waitALittle(false);
        } else {
            List<Fact.Over> pending = new ArrayList<>(walk.pending);
            pending.add(over);
            walk.pending = List.copyOf(pending);
            if (!walk.checking) {
                check();
            }
        }
    }

    private void bye(Fact.Bye bye) {
        gone(bye.rung(), bye.delay());
        set(bye.rung(), at(bye.rung()).from(now + bye.delay()));
    }

    private void change(Fact.Switch order) {
        Rung left = on;
        if (left == null || !plan.order().contains(order.rung()) || left == order.rung()) {
            return;
        }
        set(left, at(left).out(order.reason()));
        on = null;
        walk.pollAt = now + walk.beside;
        walk.last = now;
        set(order.rung(), at(order.rung()).out(null));
        open(order.rung());
    }

    /** With {@code /info} answered the path is there, so the failure is the rung's own. */
    private void strike(Fact.Over over) {
        Standing after = Lives.after(over, at(over.rung()), now);
        boolean served = over.verdict() == Verdict.CUT_AT || after.lost().isEmpty();
        long delay = served ? 0 : Walk.wait(after.lost().size() - 1, 1, chance);
        set(over.rung(), after.from(now + delay));
    }

    private void gone(Rung rung, long delay) {
        set(rung, at(rung).trying(false));
        if (on == rung) {
            on = null;
            walk.pollAt = now + delay + walk.beside;
        }
    }

    /** Nothing passes, which says nothing of any rung: what is being tried is tried again later. */
    private void waitALittle(boolean portal) {
        walk.checking = false;
        walk.pending = List.of();
        closeTried();
        walk.retryAt = now + walk.pause(portal, chance);
    }

    /** The connection that serves may be dead: it is kept only until another one is proved. */
    private void leave() {
        on = null;
        closeTried();
        walk.pending = List.of();
    }

    private void closeTried() {
        for (Rung rung : plan.order()) {
            if (at(rung).trying()) {
                set(rung, at(rung).trying(false));
                act(Act.What.CLOSE, rung);
            }
        }
    }

    private void check() {
        walk.retryAt = Walk.NEVER;
        walk.checking = true;
        act(Act.What.CHECK, null);
    }

    /** Starts what is due: the best rung that is free, the next one beside it after two seconds, and a poll to begin with. */
    private void climb() {
        if (on == null && plan.order().contains(Rung.POLL) && at(Rung.POLL).isFree()) {
            openAt(Rung.POLL, Math.max(walk.pollAt, at(Rung.POLL).from()));
        }
        Rung next = next();
        while (next != null && openAt(next, due(next))) {
            next = next();
        }
        if (next == null && !isTrying(on)) {
            rest();
        }
    }

    private @Nullable Rung next() {
        for (Rung rung : plan.order().subList(0, plan.rank(on))) {
            if (at(rung).isFree()) {
                return rung;
            }
        }
        return null;
    }

    private long due(Rung rung) {
        return Math.max(at(rung).from(), isTrying(rung) ? walk.last + walk.beside : now);
    }

    private boolean openAt(Rung rung, long time) {
        if (now < time) {
            wakeAt(time);
            return false;
        }
        if (rung != Rung.POLL || !isTrying(on)) {
            walk.last = now;
        }
        open(rung);
        return true;
    }

    private void open(Rung rung) {
        set(rung, at(rung).trying(true));
        act(Act.What.OPEN, rung);
    }

    /** Whether a rung that is better than {@code than} is being tried. */
    private boolean isTrying(@Nullable Rung than) {
        return plan.order().subList(0, plan.rank(than)).stream().anyMatch(each -> at(each).trying());
    }

    /** Nothing is left to try: on the best rung for a long while, on none for a short one. */
    private void rest() {
        if (on == null) {
            forgive(plan.order().size());
            waitALittle(false);
            wakeAt(walk.retryAt);
        } else if (plan.rank(on) > 0) {
            probe();
        }
    }

    private void probe() {
        if (walk.probeAt == Walk.NEVER) {
            walk.probeAt = now + Walk.spread(walk.probeEvery, 0.4, chance);
        }
        if (now < walk.probeAt) {
            wakeAt(walk.probeAt);
            return;
        }
        walk.probeAt = Walk.NEVER;
        walk.probeEvery = Math.min(2 * walk.probeEvery, plan.probeMost());
        forgive(plan.rank(on));
        climb();
    }

    private void forgive(int rank) {
        plan.order().subList(0, rank).forEach(rung -> set(rung, at(rung).out(null)));
    }

    private void wakeAt(long time) {
        wake = wake == Walk.NEVER ? time : Math.min(wake, time);
    }

    private void act(Act.What what, @Nullable Rung rung) {
        acts.add(new Act(what, rung));
    }

    private Standing at(Rung rung) {
        Standing standing = rungs.get(rung);
        return standing == null ? Standing.FRESH : standing;
    }

    private void set(Rung rung, Standing standing) {
        rungs.put(rung, standing);
    }
}
