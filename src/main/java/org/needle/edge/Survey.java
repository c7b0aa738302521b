package org.needle.edge;

import org.jspecify.annotations.Nullable;
import org.needle.path.Verdict;

/** What the sessions were like when they were last looked at. Filled by one thread, then only read. */
@SuppressWarnings("EnumOrdinal") // the arrays live no longer than the class
final class Survey {
    private final int[] verdicts = new int[Verdict.values().length];
    private final int[] sessions = new int[Transport.values().length];
    private final int[] failing = new int[Transport.values().length];

    void add(Session session) {
        Verdict verdict = session.path().verdict();
        if (verdict != null) {
            verdicts[verdict.ordinal()]++;
        }
        Transport last = session.standing().last();
        if (last != null) {
            sessions[last.ordinal()]++;
            failing[last.ordinal()] += session.path().isFailing() ? 1 : 0;
        }
    }

    int judged(Verdict verdict) {
        return verdicts[verdict.ordinal()];
    }

    /** @param transport of the sessions' newest connections; null: any */
    Failing failing(@Nullable Transport transport) {
        int bad = 0;
        int all = 0;
        for (Transport each : Transport.values()) {
            if (transport == null || transport == each) {
                bad += failing[each.ordinal()];
                all += sessions[each.ordinal()];
            }
        }
        return new Failing(bad, all);
    }
}
