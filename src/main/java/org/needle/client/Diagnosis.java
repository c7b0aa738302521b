package org.needle.client;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.needle.path.Beside;
import org.needle.path.Finding;
import org.needle.path.Rung;

/**
 * What an examination has found.
 *
 * @param info how the gateway answered {@code /info}
 * @param reason why it did not, in words; else empty
 * @param beside what is known of the way
 * @param rungs in the ladder's order
 */
public record Diagnosis(URI url, Beside.Info info, String reason, Beside beside, Map<Rung, Line> rungs) {
    /**
     * One rung.
     *
     * @param evidence what was seen of it and when, in words
     */
    public record Line(Finding finding, String evidence) {}

    /** Whether events can get through at all. */
    public boolean works() {
        return rungs.values().stream().anyMatch(line -> line.finding().proved());
    }

    /** The rungs that work, best first. */
    public List<Rung> working() {
        return rungs.entrySet().stream()
                .filter(each -> each.getValue().finding().proved())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
