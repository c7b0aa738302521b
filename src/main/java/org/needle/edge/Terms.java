package org.needle.edge;

import org.jspecify.annotations.Nullable;

/**
 * What a leg waits for.
 *
 * @param scope whose confirmation
 * @param transport of the leg; null: any
 * @param subscribers fail at once if nobody on this transport is subscribed
 */
public record Terms(Scope scope, @Nullable Transport transport, boolean subscribers) {
    /** Whose confirmation a leg waits for. */
    public enum Scope {
        /** Nobody's: the log has the event. */
        NONE,
        /** That of one session on the leg's transport. */
        ANY,
        /** That of every session of the audience, on any transport. */
        ALL
    }

    boolean isOn(@Nullable Transport used) {
        return transport == null || transport == used;
    }
}
