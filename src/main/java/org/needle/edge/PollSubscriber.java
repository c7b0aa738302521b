package org.needle.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Event;
import org.needle.hub.Subscription;
import org.needle.hub.SystemClock;
import org.needle.path.Manner;
import org.needle.path.Rung;
import org.needle.wire.Control;
import org.needle.wire.Wire;

/** A request that waits for events and is answered once: a JSON array of hello, perhaps a gap, and events. */
final class PollSubscriber extends Subscriber {
    private static final int MAX_EVENTS = 1_000;
    private static final int MAX_BYTES = 1 << 20;

    private final Answers answers;
    private final Network network;
    private @Nullable ScheduledFuture<?> deadline;

    PollSubscriber(EdgeContext edge, Join join, Asking asking, Answers answers) {
        super(edge, join, asking.session(), answers.channel());
        this.network = asking.network();
        this.answers = answers;
    }

    /** Who asks, and from where. */
    record Asking(Session session, Network network) {}

    void open() {
        channel.pipeline().addLast(this);
        session.path().polls(SystemClock.nanos());
        follow(Wrap.PLAIN);
        Subscription.Page page = next();
        if (join.hold() == 0 || page.gap() != null || !page.events().isEmpty()) {
            answer(page, Counters.End.CLIENT, null);
            return;
        }
        deadline = channel.eventLoop()
                .schedule(() -> answer(next(), Counters.End.CLIENT, null), join.hold(), TimeUnit.SECONDS);
    }

    @Override
    void deliver(Group.Batch batch) {
        if (subscription().offset() < batch.last()) {
            catchUp();
        }
    }

    @Override
    void catchUp() {
        if (isFollowing()) {
            Subscription.Page page = next();
            if (page.gap() != null || !page.events().isEmpty()) {
                answer(page, Counters.End.CLIENT, null);
            }
        }
    }

    @Override
    long heartbeat() {
        return edge.settings.timing().heartbeat().toMillis();
    }

    @Override
    void sweep(long now) {
        // a waiting poll has its own deadline
    }

    @Override
    void bye(Counters.End reason, long retryAfter) {
        if (isFollowing()) {
            answer(next(), reason, new Control.Bye(reason.label(), retryAfter));
        }
    }

    private Subscription.Page next() {
        return next(MAX_EVENTS, MAX_BYTES, false);
    }

    /** Element 0 is a hello whose position is the one after this answer: with it the client asks again. */
    private void answer(Subscription.Page page, Counters.End reason, Control.@Nullable Bye bye) {
        String position = subscription().position().toString();
        if (!leave(reason)) {
            return;
        }
        if (deadline != null) {
            deadline.cancel(false);
        }
        ByteArrayOutputStream array = new ByteArrayOutputStream(256);
        array.write('[');
        array.writeBytes(Wire.control(hello(0), position, join.style()));
        session.path().polled(nonce(), SystemClock.nanos());
        Control.Switch order =
                join.looks().manner() == Manner.TELLS ? edge.paths.order(session, network, Rung.SSE) : null;
        if (order != null) {
            add(array, Wire.control(order, position, join.style()));
        }
        if (page.gap() != null) {
            edge.counters.gaps.get(Transport.POLL).increment();
            add(array, Wire.control(new Control.Hole(page.gap()), position, join.style()));
        }
        for (Event event : page.events()) {
            add(array, Wire.event(event, join.style()));
        }
        if (bye != null) {
            add(array, Wire.control(bye, position, join.style()));
        }
        array.write(']');
        edge.counters.delivered.get(Transport.POLL).add(page.events().size());
        channel.pipeline().remove(this);
        answers.poll(array.toByteArray(), position);
    }

    private static void add(ByteArrayOutputStream array, byte[] element) {
        array.write(',');
        array.writeBytes(element);
    }

    /** Anything that comes meanwhile belongs to the next request. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        context.fireChannelRead(message);
    }
}
