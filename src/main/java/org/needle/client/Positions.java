package org.needle.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the id of the last event that has been dealt with is kept over a restart. Called by one thread at a time. */
public interface Positions {
    /** Null if nothing has been stored yet. */
    @Nullable
    String load() throws IOException;

    /** When it returns, the next {@link #load} gives this id, whatever happens to the process. */
    void store(String id) throws IOException;
}
