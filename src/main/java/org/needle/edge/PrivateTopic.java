package org.needle.edge;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Content;
import org.needle.hub.Draft;
import org.needle.hub.Position;
import org.needle.hub.SystemClock;

/**
 * One forwarded request and its answer: a topic with a hub and a log of its own, so that nothing that looks through the gateway's
 * hub can find it, and with positions that cannot be guessed. Those who wait for the answer's head, then those who follow it, are
 * connections of one session.
 *
 * <p>Guarded by its monitor, which is held for a few memory accesses.
 */
final class PrivateTopic implements ForwardAnswer, Pace.Listener {
    private static final long ON_ITS_WAY = TimeUnit.SECONDS.toNanos(5);

    private final PrivateTopics all;
    private final PrivatePlan plan;
    private final EdgeContext view;
    private final Pace pace;
    private final long began = SystemClock.nanos();

    // guarded by this
    private PrivateState state = PrivateState.ASKED;
    private List<ForwardWait> waiting = new ArrayList<>(1);
    private @Nullable Runnable cancel;
    /** Its answer is a body, and somebody is being sent it. */
    private boolean passing;
    /** When somebody was last there, later when the answer ended; in ns. */
    private long lastSeen = began;

    PrivateTopic(PrivateTopics all, EdgeContext view, PrivatePlan plan) {
        this.all = all;
        this.view = view;
        this.plan = plan;
        this.pace = new Pace(plan.session(), plan.settings().bounds().ahead(), this);
    }

    PrivatePlan plan() {
        return plan;
    }

    Position head() {
        return plan.hub().head();
    }

    long bytes() {
        return plan.hub().totals().historyBytes();
    }

    /** The most bytes that all answers of this name may hold. */
    long total() {
        return plan.settings().bounds().total();
    }

    /** In ns. */
    synchronized long lastSeen() {
        return lastSeen;
    }

    private synchronized PrivateState state() {
        return state;
    }

    @Override
    public boolean isOver() {
        return state().isOver();
    }

    /** Whether it ended a while ago and nobody is there: a client may still be on its way to what has just ended. {@code now} in ns. */
    boolean isIdle(long now) {
        return isOver() && !plan.isFollowed() && now - lastSeen() > ON_ITS_WAY;
    }

    // ---- those who follow ----

    /** Event loop of the connection. */
    void join(ForwardWait client) {
        boolean there;
        synchronized (this) {
            there = state != PrivateState.ASKED;
            if (!there) {
                waiting.add(client);
            }
        }
        if (there) {
            follow(client);
        } else {
            client.await(this);
        }
    }

    private void follow(ForwardWait client) {
        if (state() == PrivateState.GONE) {
            client.refuse(410, PrivateTopics.GONE);
            return;
        }
        String position = client.join().position();
        Position from = position == null ? null : Position.parse(position);
        if (from != null && from.epoch().equals(head().epoch())) {
            pace.sent(from.offset());
            if (isOver() && client.isPlain() && from.offset() >= head().offset()) {
                client.end();
                return;
            }
        }
        client.follow(view, plan.session(), new Position(head().epoch(), 0));
        pace.look();
    }

    /** A client that waited is gone. */
    void left(ForwardWait client) {
        synchronized (this) {
            waiting.remove(client);
            lastSeen = SystemClock.nanos();
        }
        if (client.join().claim().session() == null && state() == PrivateState.ASKED) {
            forget(); // it has no means to come back
        }
    }

    @Override
    public void reached(Subscriber subscriber, long offset) {
        PrivateState now = state();
        if (isOver() && offset >= head().offset()) {
            subscriber.bye(now == PrivateState.ENDED ? Counters.End.END : Counters.End.FAILED, 0);
        }
    }

    // ---- the upstream's answer ----

    void cancelledBy(Runnable letGo) {
        boolean late;
        synchronized (this) {
            cancel = letGo;
            late = state == PrivateState.GONE && !passing;
        }
        if (late) {
            letGo.run();
        }
    }

    /** The next state, and who has waited for it; null if the state before is not {@link PrivateState#ASKED}. */
    private synchronized @Nullable List<ForwardWait> hear(PrivateState next) {
        if (state != PrivateState.ASKED) {
            return null;
        }
        List<ForwardWait> those = waiting;
        waiting = new ArrayList<>(0);
        state = next;
        passing = next == PrivateState.GONE && !those.isEmpty();
        return those;
    }

    @Override
    public void refuse(int status, String title) {
        List<ForwardWait> those = hear(PrivateState.GONE);
        if (those != null) {
            leave();
            those.forEach(client -> client.refuse(status, title));
        }
    }

    @Override
    public void body(Head head, Flow.Publisher<List<ByteBuffer>> body) {
        List<ForwardWait> those = hear(PrivateState.GONE);
        if (those == null) {
            letGo();
        } else if (those.isEmpty()) {
            leave();
            letGo();
        } else {
            all.hide(this);
            for (ForwardWait older : those.subList(0, those.size() - 1)) {
                older.refuse(409, "a newer connection of this session has the answer");
            }
            those.get(those.size() - 1).pass(head, body, () -> {
                letGo();
                all.release(this);
            });
        }
    }

    @Override
    public void begin() {
        List<ForwardWait> those = hear(PrivateState.STREAMING);
        if (those != null) {
            those.forEach(client -> client.later(() -> follow(client)));
        }
    }

    @Override
    public CompletionStage<Void> event(Content content) {
        return plan.hub()
                .publish(Draft.of(plan.topic(), content))
                .thenCompose(event -> pace.add(event.offset(), event.size()));
    }

    @Override
    public void end() {
        over(PrivateState.ENDED);
    }

    @Override
    public void fail() {
        over(PrivateState.FAILED);
    }

    private void over(PrivateState end) {
        synchronized (this) {
            if (state != PrivateState.STREAMING) {
                return;
            }
            state = end;
            lastSeen = SystemClock.nanos();
            cancel = null;
        }
        pace.look();
    }

    // ---- the end ----

    /** About once a second; {@code now} in ns. */
    void sweep(long now) {
        view.loops.values().forEach(loop -> loop.executor().execute(loop::sweep));
        boolean over = isOver();
        boolean there = plan.isFollowed();
        ForwardSettings.Times times = plan.settings().times();
        boolean forgotten;
        synchronized (this) {
            there |= !waiting.isEmpty();
            lastSeen = there && !over ? now : lastSeen;
            forgotten = !there && now - lastSeen > (over ? times.keep() : times.cancel()).toNanos();
        }
        if (forgotten) {
            forget();
        } else if (!over && now - began > times.longest().toNanos()) {
            late();
        }
    }

    private void late() {
        Runnable running = running();
        refuse(504, "the answer takes too long");
        fail();
        running.run();
    }

    /** Nobody can come back to it any more; nothing happens if that is so already. */
    void forget() {
        List<ForwardWait> those;
        synchronized (this) {
            if (state == PrivateState.GONE) {
                return;
            }
            those = waiting;
            waiting = new ArrayList<>(0);
            all.ended(state);
            state = PrivateState.GONE;
        }
        leave();
        letGo();
        those.forEach(client -> client.refuse(503, "the gateway is stopping"));
        pace.sent(Long.MAX_VALUE);
        for (Subscriber subscriber : plan.session().connections()) {
            subscriber.channel.eventLoop().execute(() -> subscriber.bye(Counters.End.DRAIN, view.retryAfter()));
        }
        view.loops.values().forEach(loop -> loop.executor().execute(loop::close));
    }

    private void leave() {
        all.hide(this);
        all.release(this);
    }

    private void letGo() {
        running().run();
    }

    /** What lets the upstream go, once. */
    private synchronized Runnable running() {
        Runnable running = cancel;
        cancel = null;
        return running == null ? () -> {} : running;
    }
}
