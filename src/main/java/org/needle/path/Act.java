package org.needle.path;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is to be done. */
public record Act(What what, @Nullable Rung rung) {
    public enum What {
        /** Ask {@code /info}; a check under way is forgotten. */
        CHECK,
        /** Open a connection; one on the same rung is closed. */
        OPEN,
        /** The rung serves from now on. Close every other connection, but for better rungs that are being tried. */
        ADOPT,
        CLOSE
    }

    @Override
    public String toString() {
        String name = what.name().toLowerCase(Locale.ROOT);
        return rung == null ? name : name + ' ' + rung.label();
    }
}
