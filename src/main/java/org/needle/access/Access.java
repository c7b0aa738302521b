package org.needle.access;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.needle.hub.SystemClock;

/**
 * Whether tokens are asked for, and by which clock they end.
 *
 * @param tokens null: everybody may do everything
 * @param clock ms since 1970
 */
public record Access(@Nullable Tokens tokens, LongSupplier clock) {
    public static final Access OPEN = new Access(null, SystemClock::millis);

    /** Keeps the keys fresh from now on. */
    public void start() {
        if (tokens != null) {
            tokens.start();
        }
    }

    public void stop() {
        if (tokens != null) {
            tokens.close();
        }
    }
}
