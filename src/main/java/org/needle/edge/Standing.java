package org.needle.edge;

import org.jspecify.annotations.Nullable;

/** How far the client of one session is known to have come. Written by {@link Confirmations} only, under its monitor. */
final class Standing {
    private volatile long confirmed;
    private @Nullable Transport by;
    private @Nullable Transport last;

    /** The offset up to which the client has everything that it follows. Any thread. */
    long confirmed() {
        return confirmed;
    }

    /** The transport that brought it what was confirmed last; null: nothing was yet. */
    @Nullable
    Transport by() {
        return by;
    }

    void confirmed(long offset, Transport transport) {
        confirmed = offset;
        by = transport;
    }

    /** The transport of its newest connection, also when that has ended; null before the first. */
    @Nullable
    Transport last() {
        return last;
    }

    void last(Transport transport) {
        last = transport;
    }
}
