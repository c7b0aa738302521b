package org.needle.client;

import java.util.List;
import org.needle.path.Seen;
import org.needle.wire.ServerFrame;

/** One connection on one rung, open or being opened. Any thread. */
interface Link {
    /** Ends it; nothing more is told to its sink but what is on the way already. */
    void close();

    /** Sends a frame; false if the connection cannot carry one. */
    default boolean send(String json) {
        return false;
    }

    /** What becomes of a link, told in the owner's thread and in order; {@code at} is {@link Owner#now} when it came. */
    interface Sink {
        void seen(long at, Seen.What what, long value);

        /** Decoded; {@code bytes} of the body have come so far. */
        void frames(long at, List<ServerFrame> frames, long bytes);

        /** Something came, be it half a comment. */
        void alive(long at);

        /** The gateway itself says no, whatever the rung. */
        void refused(int status, String title);

        /** Why it ended, for humans. */
        void reason(String text);
    }
}
