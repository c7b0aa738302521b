package org.needle.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.needle.hub.Subscription;
import org.needle.hub.SystemClock;
import org.needle.path.Manner;
import org.needle.path.Rung;
import org.needle.wire.ClientFrame;
import org.needle.wire.Control;
import org.needle.wire.Wire;

/**
 * A subscriber on a connection that stays: what it is told beside events, how it is kept alive, and how it ends. {@link Tempo} says when
 * something is done for its path's sake, {@link Proof} whether data comes through. Event loop only.
 */
abstract class PacedSubscriber extends Subscriber {
    /** After an end that is for the path's sake. */
    static final int SOON_MS = 100;

    private static final int UNSENT_MS = 2_000;

    private final Wrap wrap;
    private final Network network;
    private final Tempo tempo;
    private final Proof proof;
    private boolean lagging = true;
    private boolean ended;
    private boolean broken;
    private long lastProgress;

    PacedSubscriber(EdgeContext edge, Join join, Opening opening) {
        super(edge, join, opening.session(), opening.channel());
        this.wrap = opening.wrap();
        this.network = opening.network();
        this.tempo = new Tempo(this, edge.paths.pace(this), SystemClock.nanos());
        this.proof = new Proof(this);
    }

    /** Where a stream begins. */
    record Opening(Session session, Channel channel, Wrap wrap, Network network) {}

    final Wrap wrap() {
        return wrap;
    }

    final Network network() {
        return network;
    }

    final Tempo tempo() {
        return tempo;
    }

    final Proof proof() {
        return proof;
    }

    final Manner manner() {
        return join.looks().manner();
    }

    @Override
    final long heartbeat() {
        return tempo.pace().heartbeat();
    }

    /** What it is to a client that looks for a way through. */
    final Rung rung() {
        return switch (join.transport()) {
            case SSE -> Rung.SSE;
            case WEBSOCKET -> Rung.WEBSOCKET;
            case STREAM -> Rung.STREAM;
            case POLL -> Rung.POLL;
        };
    }

    final boolean isLagging() {
        return lagging;
    }

    final void lag() {
        lagging = true;
        progress();
    }

    final void behind() {
        lagging = true;
    }

    final void live() {
        lagging = false;
    }

    final void progress() {
        lastProgress = SystemClock.nanos();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        broken = true;
        super.exceptionCaught(context, cause);
    }

    @Override
    void sweep(long now) {
        if (lagging) {
            if (now - lastProgress > edge.settings.timing().stalled().toNanos()) {
                lose(Counters.End.STALLED);
            }
            return;
        }
        Counters.End over = tempo.over(now);
        if (over != null) {
            bye(over, SOON_MS);
            return;
        }
        proof.sweep(now, silence());
        if (isFollowing() && tempo.needsSign(now)) {
            sign();
        }
    }

    /** How long a client that answers may say nothing, in ns. */
    final long silence() {
        return TimeUnit.MILLISECONDS.toNanos(2 * tempo.pace().heartbeat() + 5_000);
    }

    /** Nobody is there any more: ends the connection without a word. */
    final void lose(Counters.End reason) {
        if (leave(reason)) {
            channel.close();
        }
    }

    /** A live subscriber has been handed all that its loop has drained, so it may be told so. */
    private void sign() {
        if (join.transport() == Transport.SSE) {
            murmur();
        } else {
            tick();
        }
    }

    /** Says something that means nothing, to keep what is on the way alive or to push on what is late. */
    final void murmur() {
        if (lagging || join.transport() != Transport.SSE) {
            return;
        }
        tempo.murmured(SystemClock.nanos());
        say(Wire.SSE_HEARTBEAT);
        channel.flush();
    }

    /** True if nothing that the client sees has been sent since {@code ns}. */
    final boolean isQuietSince(long ns) {
        return isFollowing() && !lagging && tempo.isQuietSince(ns);
    }

    void tick() {
        Subscription subscription = subscription();
        long before = subscription.offset();
        subscription.advance(loop.drained());
        tempo.told(SystemClock.nanos(), subscription.offset() != before);
        tell(new Control.Tick(subscription.position().toString()));
        channel.flush();
    }

    /** Writes a control, without flush. */
    final void tell(Control control) {
        write(wrap.around(bytes(control), channel.alloc()));
    }

    /** Writes the hello, on SSE in one piece with {@code retry}, without flush. */
    final void greet(Control.Hello hello) {
        byte[] bytes = bytes(hello);
        if (join.transport() == Transport.SSE) {
            byte[] retry = ("retry: " + hello.retry() + "\n").getBytes(StandardCharsets.US_ASCII);
            byte[] both = Arrays.copyOf(retry, retry.length + bytes.length);
            System.arraycopy(bytes, 0, both, retry.length, bytes.length);
            bytes = both;
        }
        write(wrap.around(bytes, channel.alloc()));
    }

    private byte[] bytes(Control control) {
        return Wire.control(control, subscription().position().toString(), join.style());
    }

    /** Writes bytes of SSE that are no block, without flush. */
    final void say(String ascii) {
        write(wrap.around(ascii.getBytes(StandardCharsets.US_ASCII), channel.alloc()));
    }

    @Override
    void receipt(ClientFrame.Receipt receipt) {
        super.receipt(receipt);
        // without a position it is for the hello alone
        long offset = receipt.position() == null ? tempo.joined() : edge.confirmations.offset(receipt.position());
        if (isFollowing()) {
            proof.receipt(offset, SystemClock.nanos());
        }
    }

    /** A client that sends no receipts has what its socket took, if the path between is known to hold nothing back. */
    @Override
    void probe() {
        if (isUnconfirmed() && !lagging && isOpen() && Accepted.everything(channel)) {
            edge.confirmations.confirm(session, join.transport(), subscription().offset());
        }
    }

    private boolean isOpen() {
        return rung() == Rung.SSE && edge.paths.networks.isOpen(network, Rung.SSE);
    }

    /** Whether the client has been sent more than is confirmed, and will not say so by itself. */
    final boolean isUnconfirmed() {
        return manner() != Manner.TELLS
                && isFollowing()
                && subscription().offset() > session.standing().confirmed();
    }

    /** Orders the client to another transport, on which somebody wants to reach it. */
    final void order(Rung wanted) {
        Control.Switch order = manner() == Manner.TELLS && isFollowing() && wanted != rung()
                ? edge.paths.order(session, network, rung(), wanted)
                : null;
        if (order != null) {
            tell(order);
            channel.flush();
        }
    }

    /** Ends the response: whatever is held on the way is let go by that, and nothing is lost, because positions resume. */
    void unproved() {
        order();
        bye(Counters.End.UNPROVED, SOON_MS);
    }

    /** Tells the client of a better transport, if its network is known to have one. */
    final void order() {
        Control.Switch order = manner() == Manner.TELLS ? edge.paths.order(session, network, rung()) : null;
        if (order != null) {
            tell(order);
        }
    }

    /** The time that the path allows is over. */
    final void outlived() {
        bye(Counters.End.LIFE, SOON_MS);
    }

    @Override
    void bye(Counters.End reason, long retryAfter) {
        if (ended || !isFollowing()) {
            return;
        }
        ended = true;
        if (manner() == Manner.RETURNS && reason.isForThePath()) {
            say("retry: " + retryAfter + "\n");
        } else if (reason != Counters.End.CYCLE) {
            tell(new Control.Bye(reason.label(), retryAfter));
        }
        leave(reason);
        end(reason);
    }

    @Override
    boolean leave(Counters.End reason) {
        boolean left = super.leave(reason);
        if (left) {
            tempo.left(reason, broken, SystemClock.nanos());
        }
        return left;
    }

    /** Ends the response. */
    void end(Counters.End reason) {
        ByteBuf last = wrap == Wrap.CHUNK
                ? channel.alloc().directBuffer(5).writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
                : channel.alloc().directBuffer(0);
        channel.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
        closeInTime(reason);
    }

    /** What is unsent by then never will be. An answer that is over has time, because a plain client cannot ask for its rest. */
    final void closeInTime(Counters.End reason) {
        boolean isAnswer = reason == Counters.End.END || reason == Counters.End.FAILED;
        long ms = isAnswer ? edge.settings.timing().stalled().toMillis() : UNSENT_MS;
        ScheduledFuture<?> close = channel.eventLoop().schedule(() -> channel.close(), ms, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> close.cancel(false));
    }
}
