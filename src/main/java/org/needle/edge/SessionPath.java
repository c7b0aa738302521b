package org.needle.edge;

import java.util.EnumMap;
import java.util.Map;
import org.needle.path.Rung;
import org.needle.path.Verdict;

/** What a session's client and connections have shown of the network between. Guarded by its monitor; a leaf. */
final class SessionPath {
    private static final int UNKNOWN = -1;

    private int rtt = UNKNOWN;
    private final Map<Rung, Verdict> told = new EnumMap<>(Rung.class);

    /** A receipt came {@code ms} after what it is for. */
    synchronized void answered(int ms) {
        rtt = rtt == UNKNOWN ? ms : Math.min(rtt, ms);
    }

    /** The shortest time in ms that a receipt took; {@code otherwise} if none has come yet. */
    synchronized int rtt(int otherwise) {
        return rtt == UNKNOWN ? otherwise : rtt;
    }

    /** The client has found this out. What it tells of nothing that is known here is passed over. */
    synchronized void tell(Map<String, String> verdicts) {
        verdicts.forEach((name, value) -> {
            Rung rung = Rung.of(name);
            Verdict verdict = Verdict.of(value);
            if (rung != null && verdict != null && verdict.isOfTransport()) {
                told.put(rung, verdict);
            }
        });
    }

    /** What the client has told so far. */
    synchronized Map<Rung, Verdict> told() {
        return Map.copyOf(told);
    }
}
