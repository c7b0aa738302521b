package org.needle.hub;

import java.util.List;

/**
 * What a subscriber follows: a topic, or a pattern in which {@code *} stands for one level and a final {@code **} for any
 * number of levels, none included. Immutable.
 *
 * @param pattern the filter as written
 * @param levels the pattern split at {@code /}, at least one
 */
public record TopicFilter(String pattern, List<String> levels) {

    /** @throws IllegalArgumentException with a message fit for a user if the pattern is not a filter */
    public static TopicFilter of(String pattern) {
        return new TopicFilter(pattern, Levels.split(pattern, true));
    }

    /** True if the filter names exactly one topic. */
    public boolean isExact() {
        return pattern.indexOf('*') < 0;
    }

    public boolean matches(Topic topic) {
        List<String> names = topic.levels();
        for (int i = 0; i < levels.size(); i++) {
            String level = levels.get(i);
            if (level.equals("**")) {
                return true;
            }
            if (i >= names.size() || !(level.equals("*") || level.equals(names.get(i)))) {
                return false;
            }
        }
        return names.size() == levels.size();
    }

    /** True if every topic that {@code other} matches is matched by this filter too. */
    public boolean covers(TopicFilter other) {
        List<String> theirs = other.levels;
        for (int i = 0; i < levels.size(); i++) {
            String level = levels.get(i);
            if (level.equals("**")) {
                return true;
            }
            if (i >= theirs.size() || theirs.get(i).equals("**")) {
                return false;
            }
            if (!level.equals("*") && !level.equals(theirs.get(i))) {
                return false;
            }
        }
        return theirs.size() == levels.size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicFilter that && pattern.equals(that.pattern);
    }

    @Override
    public int hashCode() {
        return pattern.hashCode();
    }

    @Override
    public String toString() {
        return pattern;
    }
}
