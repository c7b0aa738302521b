package org.needle.hub;

import java.util.List;

/** The one place that knows the syntax of topics and topic filters. */
final class Levels {
    private Levels() {}

    /** @throws IllegalArgumentException if {@code name} breaks the rules; wildcards only if {@code wildcards} */
    static List<String> split(String name, boolean wildcards) {
        if (name.isEmpty() || name.length() > Topic.MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a topic has 1 to " + Topic.MAX_LENGTH + " characters, not " + name.length());
        }
        List<String> levels = List.of(name.split("/", -1));
        for (int i = 0; i < levels.size(); i++) {
            check(levels.get(i), wildcards, i == levels.size() - 1);
        }
        return levels;
    }

    private static void check(String level, boolean wildcards, boolean last) {
        if (wildcards && (level.equals("*") || (last && level.equals("**")))) {
            return;
        }
        if (level.isEmpty()) {
            throw new IllegalArgumentException("a topic has no empty level: no leading, trailing or double /");
        }
        for (int i = 0; i < level.length(); i++) {
            if (!allowed(level.charAt(i))) {
                throw new IllegalArgumentException(
                        "a topic is made of letters, digits and - _ . ~ : joined by /" + wildcardHint(wildcards));
            }
        }
    }

    private static String wildcardHint(boolean wildcards) {
        return wildcards ? "; * stands for one whole level, ** for any number at the end" : "";
    }

    private static boolean allowed(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-_.~:".indexOf(c) >= 0;
    }
}
