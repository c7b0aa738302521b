package org.needle.edge;

import java.util.concurrent.TimeUnit;
import org.needle.hub.SystemClock;

/**
 * The two separated ticks that prove a stream to its client: headers and a first block also come through boxes that hold
 * everything after them. An event is as good as a tick. Event loop only.
 */
final class Proof {
    private static final int FIRST_MS = 800;
    private static final int SECOND_MS = 250;

    private Proof() {}

    static void begin(StreamSubscriber stream) {
        after(
                FIRST_MS,
                stream,
                () -> after(SECOND_MS, stream, () -> {
                    if (!stream.join.claim().receipts()) {
                        stream.proved(); // no better evidence will come from a client that promises no receipts
                    }
                }));
    }

    private static void after(int ms, StreamSubscriber stream, Runnable then) {
        long from = SystemClock.nanos();
        stream.channel
                .eventLoop()
                .schedule(
                        () -> {
                            if (stream.isQuietSince(from)) {
                                stream.tick();
                            }
                            if (stream.isFollowing()) {
                                then.run();
                            }
                        },
                        ms,
                        TimeUnit.MILLISECONDS);
    }
}
