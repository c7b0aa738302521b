package org.needle.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.needle.path.Finding;
import org.needle.path.Rung;
import org.needle.path.Verdict;

/**
 * What has been found out, told to the listener and with the next receipt to the gateway. What is wrong is only said once the gateway
 * has answered {@code /info}, and the ladder has drawn its conclusion. The owner's thread only.
 */
final class Verdicts {
    private final FollowListener listener;
    private final Receipts receipts;
    private final Trials trials;
    private final List<Suspect> suspects = new ArrayList<>();

    /** A failure that the running check is to explain. */
    private record Suspect(Trial trial, Finding finding) {}

    Verdicts(FollowListener listener, Receipts receipts, Trials trials) {
        this.listener = listener;
        this.receipts = receipts;
        this.trials = trials;
    }

    /** Of a connection that is there: that it works, or what the gateway may help with. */
    void note(Trial trial, Finding finding) {
        Verdict verdict = finding.verdict();
        boolean works = finding.proved() && verdict != Verdict.CUT_AT;
        boolean mayBeHelped = verdict == Verdict.HELD_TO_NEXT && !finding.isOver();
        if (works || mayBeHelped) {
            tell(trial, finding);
        }
    }

    void suspect(Trial trial, Finding finding) {
        suspects.add(new Suspect(trial, finding));
    }

    /** The check has been answered; {@code out} are the rungs given up, null if nothing passes. */
    void conclude(@Nullable Map<Rung, Verdict> out) {
        for (Suspect suspect : suspects) {
            Verdict verdict = suspect.finding().verdict();
            if (out != null
                    && (verdict == Verdict.CUT_AT || out.get(suspect.trial().rung()) == verdict)) {
                tell(suspect.trial(), suspect.finding());
            }
        }
        suspects.clear();
    }

    private void tell(Trial trial, Finding finding) {
        Verdict verdict = finding.verdict();
        if (verdict != null && receipts.found(trial.rung(), verdict)) {
            listener.verdict(trial.rung(), finding, trial.reason());
            trials.live().forEach(each -> each.due.again());
        }
    }
}
