package org.needle.path;

import org.jspecify.annotations.Nullable;

/**
 * What an attempt's observations come to.
 *
 * @param verdict null: nothing yet
 * @param proved data comes through as it is sent: the rung may be adopted
 * @param number what the verdict measures: status, bytes, ms or s; else 0
 * @param wake ms since the attempt began at which silence would mean something; -1: never
 */
public record Finding(@Nullable Verdict verdict, boolean proved, long number, long wake) {
    /** Whether the attempt has failed. A verdict with a time to wake is worth telling the gateway, which may help. */
    public boolean isOver() {
        return verdict != null && !proved && wake < 0;
    }
}
