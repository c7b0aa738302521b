package org.needle.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Position;
import org.needle.hub.Subscription;
import org.needle.path.Manner;
import org.needle.wire.ClientFrame;
import org.needle.wire.Control;

/**
 * One connection that follows topics: a cursor and a channel. The last handler in its channel's pipeline. Owned by the
 * channel's event loop, but for what is final.
 */
abstract class Subscriber extends ChannelInboundHandlerAdapter {
    final EdgeContext edge;
    /** What was asked for; from {@link #follow} on, what of it matters still. */
    Join join;

    final Session session;
    final Channel channel;
    final DeliveryLoop loop;
    private final long nonce;

    /** Place in the group, and in the loop's list. */
    int index;

    int place;

    private @Nullable Group group;
    private @Nullable Subscription subscription;

    Subscriber(EdgeContext edge, Join join, Session session, Channel channel) {
        this.edge = edge;
        this.join = join;
        this.session = session;
        this.channel = channel;
        this.loop = edge.loopOf(channel);
        this.nonce = edge.sessions.random();
    }

    String nonce() {
        return Sessions.text(nonce);
    }

    /** What the group has for everybody. */
    abstract void deliver(Group.Batch batch);

    /** Reads on from the cursor. */
    abstract void catchUp();

    /** About once a second; {@code now} in ns. */
    abstract void sweep(long now);

    /** Tells the client to leave and ends the connection. */
    abstract void bye(Counters.End reason, long retryAfter);

    /** Whether the token by which the client was let in has come to its end. */
    final boolean isExpired() {
        return edge.doors.isOver(join.pass().grant());
    }

    /** Data comes through here: called once a receipt is in, or the second tick is out if none was promised. */
    void proved() {
        session.proved(this);
    }

    /** The client says what it has got on this connection. Event loop only. */
    void receipt(ClientFrame.Receipt receipt) {
        edge.confirmations.confirm(
                session, join.transport(), receipt.position(), subscription().offset());
    }

    /** Looks for evidence that the client has got what it was sent, because somebody waits for that. */
    void probe() {
        // a poll is answered once, and the next one says what came of it
    }

    /** The client is served by a newer connection. Any thread. */
    void replaced() {
        channel.eventLoop().execute(() -> bye(Counters.End.REPLACED, edge.retryAfter()));
    }

    final boolean isPoll() {
        return join.transport() == Transport.POLL;
    }

    final boolean promisesReceipts() {
        return join.looks().manner() == Manner.TELLS;
    }

    FrameCache.Kind kind(Wrap wrap) {
        return new FrameCache.Kind(join.style(), wrap);
    }

    /** Follows the topics, then takes the cursor: in this order, see {@link Subscription}. */
    Subscription follow(Wrap wrap) {
        session.connect(this);
        Group joined = loop.join(this, new Group.Key(join.filters(), kind(wrap)));
        group = joined;
        Subscription taken = new Subscription(edge.hub, joined.key().filters(), join.position());
        subscription = taken;
        if (edge.sessions.isKnown(session)) {
            edge.confirmations.joined(session, join, taken.offset());
        }
        join = join.served(joined.key().filters(), joined.key().kind().style());
        edge.counters.connected.get(join.transport()).increment(); // only now: whoever sees it may publish
        return taken;
    }

    /** Reads on, see {@link Subscription#next}. What is gone is noted, so that nobody waits for a confirmation of it. */
    final Subscription.Page next(int max, long bytes, boolean conflate) {
        Subscription taken = subscription();
        long before = taken.offset();
        Subscription.Page page = taken.next(max, bytes, conflate);
        Position to = page.gap() == null ? null : Position.parse(page.gap().to());
        if (to != null) {
            edge.confirmations.missed(session, before, to.offset());
        }
        return page;
    }

    boolean isFollowing() {
        return group != null;
    }

    Subscription subscription() {
        Subscription taken = subscription;
        if (taken == null) {
            throw new IllegalStateException("not following yet");
        }
        return taken;
    }

    /** Follows no more; true if it did. */
    boolean leave(Counters.End reason) {
        Group left = group;
        if (left == null) {
            return false;
        }
        group = null;
        loop.leave(this, left);
        session.disconnect(this);
        edge.counters.connected.get(join.transport()).decrement();
        edge.counters.ends.get(reason).increment();
        return true;
    }

    /** The longest silence, in ms. */
    abstract long heartbeat();

    Control.Hello hello(long retry) {
        Subscription taken = subscription();
        return new Control.Hello(
                new Control.Hello.Credentials(session.id(), nonce(), session.resume()),
                taken.position().toString(),
                heartbeat(),
                retry,
                taken.recovered(),
                Transport.LABELS);
    }

    /** Bytes that a client sends after its request has begun a stream mean nothing. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        leave(Counters.End.CLIENT);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Failures.close(context, cause);
    }

    /** Writes without flush; a write that fails closes the channel. */
    void write(ByteBuf bytes) {
        channel.write(bytes, channel.voidPromise());
    }
}
