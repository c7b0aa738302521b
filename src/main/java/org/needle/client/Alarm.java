package org.needle.client;

import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * The next moment at which something may be due; it also notices when this process was kept from its work, or asleep. The owner's
 * thread only.
 */
final class Alarm {
    private static final long IDLE = 5_000;
    private static final long PULSE = 250;
    private static final long LATE = 100;
    private static final long ASLEEP = 10_000;

    /** What is to be done at that moment. */
    interface Task {
        /**
         * @param late it comes late enough for things to seem to have come together
         * @param asleep it comes so late that connections may be dead
         */
        void pulse(boolean late, boolean asleep);
    }

    private final Owner owner;
    private final Task task;
    private @Nullable ScheduledFuture<?> scheduled;
    private long next;
    private long due;
    private long dueByWall;

    Alarm(Owner owner, Task task) {
        this.owner = owner;
        this.task = task;
    }

    void clear() {
        next = owner.now() + IDLE;
    }

    /** @param at -1: never */
    void add(long at) {
        next = at < 0 ? next : Math.min(next, at);
    }

    /** Something is being found out, and times matter. */
    void pulse() {
        next = Math.min(next, owner.now() + PULSE);
    }

    void set(long now) {
        if (scheduled != null && !scheduled.isDone() && due <= next && due > now) {
            return; // it will look again then
        }
        cancel();
        long wait = Math.max(1, next - now);
        due = now + wait;
        dueByWall = owner.wall() + wait;
        scheduled = owner.after(wait, this::ring);
    }

    void cancel() {
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }

    private void ring() {
        long late = owner.now() - due;
        long lateByWall = owner.wall() - dueByWall;
        task.pulse(late > LATE, Math.max(late, lateByWall) > ASLEEP);
    }
}
