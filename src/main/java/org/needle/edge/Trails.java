package org.needle.edge;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.needle.hub.SystemClock;

/**
 * The comments that follow bursts: a wheel with one timer for all streams of a loop, which stands still while none waits. A stream is on it
 * once, however often it is written, and looks for itself whether it is time. Event loop only.
 */
final class Trails {
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int SLOTS = 64;

    private final EventLoop executor;
    private final @Nullable Tempo[] slots = new Tempo[SLOTS];
    private long done;
    private int waiting;
    private boolean turning;

    Trails(EventLoop executor) {
        this.executor = executor;
    }

    /** @param due in ns, at most half a second ahead */
    void add(Tempo tempo, long due) {
        waiting++;
        if (!turning) {
            turning = true;
            done = SystemClock.nanos() / STEP_NS;
            schedule();
        }
        int slot = slot(Math.max(done + 1, Math.min(due / STEP_NS, done + SLOTS - 1)));
        tempo.next = slots[slot];
        slots[slot] = tempo;
    }

    private static int slot(long step) {
        return (int) Math.floorMod(step, (long) SLOTS);
    }

    private void schedule() {
        executor.schedule(this::turn, STEP_NS, TimeUnit.NANOSECONDS);
    }

    private void turn() {
        long now = SystemClock.nanos();
        long last = now / STEP_NS;
        for (int i = 0; i < SLOTS && done < last; i++) {
            done++;
            Tempo each = slots[slot(done)];
            slots[slot(done)] = null;
            while (each != null) {
                Tempo following = each.next;
                each.next = null;
                waiting--;
                each.due(now);
                each = following;
            }
        }
        done = last;
        turning = waiting > 0;
        if (turning) {
            schedule();
        }
    }
}
