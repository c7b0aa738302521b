package org.needle.path;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a rung stands with a ladder.
 *
 * @param trying an attempt is under way
 * @param good it has been proved on this network
 * @param out why it has been given up; null: it has not
 * @param lost when it lost lives, in ms
 * @param from not to be opened earlier, in ms
 */
record Standing(boolean trying, boolean good, @Nullable Verdict out, List<Long> lost, long from) {
    static final Standing FRESH = new Standing(false, false, null, List.of(), 0);

    boolean isFree() {
        return !trying && out == null;
    }

    Standing trying(boolean now) {
        return new Standing(now, good, out, lost, from);
    }

    Standing proved() {
        return new Standing(false, true, out, lost, from);
    }

    Standing out(@Nullable Verdict verdict) {
        return new Standing(false, good, verdict, List.of(), 0);
    }

    Standing lost(List<Long> lives) {
        return new Standing(trying, good, out, List.copyOf(lives), from);
    }

    Standing from(long ms) {
        return new Standing(trying, good, out, lost, ms);
    }
}
