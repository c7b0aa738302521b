package org.needle.hub;

import java.time.Duration;
import java.util.List;

/**
 * How much a topic keeps, and for whom.
 *
 * @param count most events kept, at least 1
 * @param bytes most bytes kept, counted by {@link Event#size()}; the newest event is kept whatever its size
 * @param age how long events are kept
 */
public record TopicSettings(int count, long bytes, Duration age, Slow slow) {
    public static final TopicSettings DEFAULT = new TopicSettings(1_000, 1 << 20, Duration.ofMinutes(10), Slow.GAP);

    /** Settings for the topics that a filter matches. */
    public record Rule(TopicFilter filter, TopicSettings settings) {}

    /** All rules of a hub: the first rule that matches a topic decides, else the defaults. */
    public record Rules(List<Rule> rules, TopicSettings defaults) {
        public static final Rules DEFAULT = new Rules(List.of(), TopicSettings.DEFAULT);

        public TopicSettings of(Topic topic) {
            for (Rule rule : rules) {
                if (rule.filter().matches(topic)) {
                    return rule.settings();
                }
            }
            return defaults;
        }
    }
}
