package org.needle.path;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which rung to try, to use and to leave: an immutable policy. Told a fact, it answers what is to be done and its successor.
 * Time and chance are handed in, so the same facts always lead to the same moves; the browser's client is tested with the same
 * vectors.
 *
 * <p>Nothing is held against a rung before {@code /info} has been answered after the failure: what is slow, restarting, offline,
 * asleep or behind a captive portal fails there too.
 */
public final class Ladder {
    final Plan plan;
    final Map<Rung, Standing> rungs;
    final @Nullable Rung on;
    final Walk walk;

    Ladder(Plan plan, Map<Rung, Standing> rungs, @Nullable Rung on, Walk walk) {
        this.plan = plan;
        this.rungs = rungs;
        this.on = on;
        this.walk = walk;
    }

    public static Ladder of(Plan plan) {
        return new Ladder(
                plan,
                plan.order().stream().collect(Collectors.toUnmodifiableMap(rung -> rung, rung -> Standing.FRESH)),
                null,
                new Walk(plan.probe()));
    }

    /**
     * What follows from a fact.
     *
     * @param wake when to come with {@link Fact.Time}, if nothing else happens, in ms of the same clock; -1: never
     */
    public record Move(Ladder next, List<Act> acts, long wake) {}

    /**
     * @param now ms of any clock that does not go back
     * @param chance from 0 to 1
     */
    public Move on(Fact fact, long now, double chance) {
        return new Step(this, now, chance).take(fact);
    }

    /** The rung that serves; null between two. */
    public @Nullable Rung on() {
        return on;
    }

    /** The rungs that have been given up, and why. */
    public Map<Rung, Verdict> out() {
        return rungs.entrySet().stream()
                .filter(each -> each.getValue().out() != null)
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, each -> {
                    Verdict out = each.getValue().out();
                    return out == null ? Verdict.CLEAR : out;
                }));
    }

    /** What to remember for the next start; null while nothing has been proved. */
    public Plan.@Nullable Memory memory() {
        Rung best = walk.best;
        return best == null ? null : new Plan.Memory(best, out());
    }
}
