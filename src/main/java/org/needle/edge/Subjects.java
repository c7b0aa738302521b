package org.needle.edge;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many sessions each subject of a token has: one token in many hands, from many addresses, is still one. Whoever has no
 * subject is not counted. Bounded, because a subject without a session is forgotten at once. Callable from any thread.
 */
final class Subjects {
    private final Map<String, Integer> sessions = new ConcurrentHashMap<>();
    private final int most;

    Subjects(int most) {
        this.most = most;
    }

    /** False if the subject has as many sessions as it may; else {@link #leave} must follow. */
    boolean enter(@Nullable String subject) {
        if (subject == null) {
            return true;
        }
        boolean[] granted = new boolean[1];
        sessions.compute(subject, (same, held) -> {
            int before = held == null ? 0 : held;
            granted[0] = before < most;
            return granted[0] ? Integer.valueOf(before + 1) : held;
        });
        return granted[0];
    }

    void leave(@Nullable String subject) {
        if (subject != null) {
            sessions.computeIfPresent(subject, (same, held) -> held == 1 ? null : held - 1);
        }
    }
}
