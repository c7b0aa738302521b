package org.needle.client;

import java.net.URI;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.needle.path.Hold;
import org.needle.path.Rung;
import org.needle.path.Seen.What;
import org.needle.wire.ServerFrame;

/** The connections of a follower, at most one on each rung. The owner's thread only. */
final class Trials {
    private static final long FIRST_WAIT = 500;
    private static final long SHORT_POLL = 3_000;
    /** Between polls that bring something, while a better rung is tried. */
    private static final long BESIDE = 250;

    private final List<Rung> order;
    private final Dial dial;
    private final Owner owner;
    private final Stream stream;
    private final Supplier<URI> base;
    private final Map<Rung, Trial> trials = new EnumMap<>(Rung.class);
    /** Those that are to begin where the first one says. */
    private final Set<Rung> waiting = EnumSet.noneOf(Rung.class);

    private Hold hold = Hold.FIRST;
    private boolean closed;

    Trials(List<Rung> order, Dial dial, Owner owner, Stream stream, Supplier<URI> base) {
        this.order = order;
        this.dial = dial;
        this.owner = owner;
        this.stream = stream;
        this.base = base;
    }

    List<Trial> all() {
        return List.copyOf(trials.values());
    }

    Collection<Trial> live() {
        return trials.values();
    }

    boolean has(Trial trial) {
        return trials.get(trial.rung()) == trial;
    }

    void close() {
        closed = true;
        dropAll();
    }

    void dropAll() {
        waiting.clear();
        all().forEach(trial -> drop(trial.rung()));
    }

    void drop(Rung rung) {
        waiting.remove(rung);
        Trial trial = trials.remove(rung);
        if (trial != null) {
            trial.close();
        }
    }

    /** Ends all but {@code rung} and the better ones that are not proved yet. */
    void keep(Rung rung) {
        for (Trial other : all()) {
            boolean better = order.indexOf(other.rung()) < order.indexOf(rung);
            if (other.rung() != rung && (other.told || !better)) {
                drop(other.rung());
            }
        }
        waiting.removeIf(each -> order.indexOf(each) > order.indexOf(rung));
    }

    void open(Rung rung, Trial.Ear ear) {
        drop(rung);
        if (!stream.canBeJoined() && !trials.isEmpty()) {
            waiting.add(rung); // it would not know where to begin
        } else {
            connect(rung, first(rung), ear);
        }
    }

    private static long first(Rung rung) {
        return rung == Rung.CYCLE ? 1 : 0;
    }

    private Trial connect(Rung rung, long seconds, Trial.Ear ear) {
        Ask ask = stream.ask(base.get(), rung, seconds);
        Trial trial = new Trial(ask, stream.place(), owner.now(), ear);
        trials.put(rung, trial);
        trial.on(
                rung == Rung.WEBSOCKET
                        ? new SocketLink(dial, ask, trial, owner)
                        : new HttpLink(dial, ask, trial, owner));
        return trial;
    }

    /** The same again, from where the stream is now. */
    void again(Trial trial, Trial.Ear ear) {
        drop(trial.rung());
        connect(trial.rung(), trial.ask.hold(), ear).told = trial.told;
    }

    // ---- beginning ----

    boolean areWaiting() {
        return !waiting.isEmpty();
    }

    /** Lets those begin that wait, if the first one has said where, takes too long for it, or has gone. */
    void admit(Trial.Ear ear) {
        long now = owner.now();
        if (stream.canBeJoined() || trials.values().stream().allMatch(each -> now - each.born >= FIRST_WAIT)) {
            for (Rung rung : List.copyOf(waiting)) {
                waiting.remove(rung);
                connect(rung, first(rung), ear);
            }
        }
    }

    // ---- answers that end ----

    /** Asks for the next answer. */
    void next(Trial trial, Trial.Ear ear) {
        stream.answered(trial);
        admit(ear);
        if (trial.ask.hold() > 1 && owner.now() - trial.born >= 900 * trial.ask.hold()) {
            hold = hold.full();
        }
        ServerFrame.Bye bye = trial.bye();
        boolean brief = trial.rung() == Rung.SHORT_POLL;
        long pause = bye != null ? bye.retryAfter() : brief ? SHORT_POLL : isBeside(trial) ? BESIDE : 0;
        Runnable ask = () -> {
            if (!closed && has(trial)) {
                connect(trial.rung(), brief ? 0 : hold.ms() / 1_000, ear).told = true;
            }
        };
        if (pause == 0) {
            ask.run();
        } else {
            owner.after(pause, ask);
        }
    }

    private boolean isBeside(Trial trial) {
        return trials.size() > 1 && trial.seen().stream().anyMatch(each -> each.what() == What.EVENT);
    }

    /** The wait was too long for this network. */
    void shorten() {
        hold = hold.cut();
    }
}
