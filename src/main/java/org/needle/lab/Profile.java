package org.needle.lab;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A middlebox by its name: faults in a row, the first one next to the client.
 *
 * @param name as it is typed
 * @param about what it does, in one line
 * @param faults at least one
 */
public record Profile(String name, String about, List<Fault> faults) {

    public Profile {
        if (faults.isEmpty()) {
            throw new IllegalArgumentException("a profile without faults has the fault Clear");
        }
        faults = List.copyOf(faults);
    }

    public static Profile of(String name, String about, Fault... faults) {
        return new Profile(name, about, List.of(faults));
    }

    /** @throws IllegalArgumentException if there is none of that name */
    public static Profile named(String name) {
        Profile found = find(name);
        if (found == null) {
            throw new IllegalArgumentException("no profile is named " + name);
        }
        return found;
    }

    public static @Nullable Profile find(String name) {
        return Profiles.ALL.stream()
                .filter(profile -> profile.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** All names, in the order of the page. */
    public static List<String> names() {
        return Profiles.ALL.stream().map(Profile::name).toList();
    }

    public static List<Profile> all() {
        return Profiles.ALL;
    }
}
