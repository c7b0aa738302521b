package org.needle.hub;

import java.util.List;

/**
 * A topic's name, already checked: levels of letters, digits and {@code - _ . ~ :} joined by {@code /}, at most
 * {@value #MAX_LENGTH} characters. Immutable.
 *
 * @param name the whole name
 * @param levels the name split at {@code /}, at least one
 */
public record Topic(String name, List<String> levels) {
    public static final int MAX_LENGTH = 255;

    /** @throws IllegalArgumentException with a message fit for a user if the name is not a topic */
    public static Topic of(String name) {
        return new Topic(name, Levels.split(name, false));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Topic that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
