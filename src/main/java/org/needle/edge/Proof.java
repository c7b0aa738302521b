package org.needle.edge;

import java.util.concurrent.TimeUnit;
import org.needle.hub.SystemClock;

/**
 * The two separated ticks that prove a stream to its client: headers and a first block also come through boxes that hold
 * everything after them. An event is as good as a tick. A client that promised receipts proves it to us; until its receipt for
 * the hello is overdue. Event loop only.
 */
final class Proof {
    private static final int FIRST_MS = 800;
    private static final int SECOND_MS = 250;
    /** What a receipt may take beyond the second tick and its way. */
    private static final int SLACK_MS = 250;

    private static final int MOST_MS = 2_000;

    private Proof() {}

    static void begin(StreamSubscriber stream) {
        after(
                FIRST_MS,
                stream,
                () -> after(SECOND_MS, stream, () -> {
                    if (stream.join.claim().receipts()) {
                        int way = Math.min(MOST_MS, 2 * stream.session.path().rtt(MOST_MS));
                        later(SLACK_MS + way, stream, stream::due);
                    } else {
                        stream.proved(); // no better evidence will come from a client that promises no receipts
                    }
                }));
    }

    private static void after(int ms, StreamSubscriber stream, Runnable then) {
        long from = SystemClock.nanos();
        later(ms, stream, () -> {
            if (stream.isQuietSince(from)) {
                stream.tick();
            }
            if (stream.isFollowing()) {
                then.run();
            }
        });
    }

    private static void later(int ms, StreamSubscriber stream, Runnable then) {
        stream.channel.eventLoop().schedule(then, ms, TimeUnit.MILLISECONDS);
    }
}
