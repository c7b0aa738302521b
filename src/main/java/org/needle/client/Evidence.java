package org.needle.client;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.needle.path.Seen;
import org.needle.path.Seen.What;

/** What was seen of a trial, in words that can be sent on. */
final class Evidence {
    private static final int MOST = 8;

    private Evidence() {}

    static String of(Trial trial) {
        List<Seen> seen = trial.seen();
        String told = seen.stream().limit(MOST).map(Evidence::words).collect(Collectors.joining(", "));
        String more = seen.size() > MOST ? ", …" : "";
        String reason = trial.reason().isEmpty() ? "" : " (" + trial.reason() + ")";
        return seen.isEmpty() ? "nothing came" + reason : told + more + reason;
    }

    private static String words(Seen seen) {
        String name = seen.what().name().toLowerCase(Locale.ROOT);
        boolean valued = (seen.what() == What.STATUS || seen.what() == What.CLOSE) && seen.value() > 0;
        return name + (valued ? " " + seen.value() : "") + " at " + seen.at() + " ms";
    }
}
