package org.needle.edge;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.needle.wire.ClientFrame;
import org.needle.wire.Control;
import org.needle.wire.Frames;

/** What the client of a subscriber's WebSocket says: the opening frame, receipts, echoes, messages. Event loop only. */
final class WsClient implements WsInbound.Receiver {
    private static final int MAX_IN_FLIGHT = 16;

    private final EdgeContext edge;
    private final InetAddress from;
    private final Network network;
    private @Nullable WsSubscriber subscriber;
    private @Nullable Channel waiting;
    private @Nullable Join asked;
    private int inFlight;

    WsClient(EdgeContext edge, InetAddress from, Network network) {
        this.edge = edge;
        this.from = from;
        this.network = network;
    }

    /** Waits for the frame that says the rest of {@code join}. */
    void await(Channel channel, Join join, StreamHead head) {
        waiting = channel;
        asked = join;
        channel.writeAndFlush(head.on(channel), channel.voidPromise());
        long limit = edge.settings.timing().head().toMillis();
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (subscriber == null) {
                                WsInbound.end(channel, WsFrames.POLICY, "no open frame");
                            }
                        },
                        limit,
                        TimeUnit.MILLISECONDS);
    }

    void open(Channel channel, Join join, Session session, @Nullable StreamHead head) {
        edge.paths.comes(session, network);
        WsSubscriber opened =
                new WsSubscriber(edge, join, new PacedSubscriber.Opening(session, channel, Wrap.WEBSOCKET, network));
        subscriber = opened;
        channel.pipeline().addLast(opened);
        opened.open(head);
    }

    @Override
    public void seen() {
        if (subscriber != null) {
            subscriber.seen();
        }
    }

    @Override
    public void pong(byte[] payload) {
        if (subscriber != null) {
            subscriber.pong(payload);
        }
    }

    @Override
    public void text(byte[] utf8) {
        ClientFrame frame;
        try {
            frame = Frames.parse(utf8);
        } catch (IllegalArgumentException e) {
            refuse(null, 400, String.valueOf(e.getMessage()));
            return;
        }
        if (subscriber == null) {
            opening(frame);
        } else {
            take(subscriber, frame);
        }
    }

    @Override
    public void binary(byte[] data) {
        refuse(null, 400, "a frame is text");
    }

    private void opening(ClientFrame frame) {
        Channel channel = waiting;
        if (channel == null || asked == null) {
            return;
        }
        if (!(frame instanceof ClientFrame.Open open)) {
            WsInbound.end(channel, WsFrames.POLICY, "the first frame must be open");
            return;
        }
        try {
            Join join = edge.doors.admit(asked.opened(open, edge.settings));
            open(channel, join, edge.doors.enter(join, from), null);
        } catch (Refusal refusal) {
            WsInbound.end(channel, Doors.closeCode(refusal), refusal.title());
        }
    }

    private void take(WsSubscriber from, ClientFrame frame) {
        if (frame instanceof ClientFrame.Receipt receipt && receipt.nonce().equals(from.nonce())) {
            if (!Receipts.isWellFormed(receipt)) {
                refuse(null, 400, Receipts.RULE);
                return;
            }
            if (!from.session.confirms(edge.settings.callers().shares())) {
                refuse(null, 429, Receipts.TOO_MANY);
                return;
            }
            edge.counters.receipts.increment();
            edge.paths.told(from.session, receipt.verdicts());
            from.receipt(receipt);
        } else if (frame instanceof ClientFrame.Echo echo) {
            from.answer(new Control.Echo(echo.nonce()));
        } else if (frame instanceof ClientFrame.Message message) {
            message(from, message);
        } else {
            refuse(null, 400, "not now: the connection is open, or the nonce is another connection's");
        }
    }

    private void message(WsSubscriber from, ClientFrame.Message message) {
        String key = message.key();
        if (key != null && !MessageId.isValid(key)) {
            refuse(null, 400, MessageId.RULE);
            return;
        }
        if (!from.session.sends(edge.settings.callers().shares())) {
            refuse(key, 429, Destination.TOO_MANY);
            return;
        }
        try {
            Destination destination = Destination.of(
                    edge, message.topic(), Transport.WEBSOCKET, from.join.pass().grant());
            String id = key == null ? edge.sessions.nonce() : key;
            hold(from);
            destination
                    .send(
                            message.content(),
                            id,
                            new ClientMessage.Sender(
                                    from.session.id(),
                                    Transport.WEBSOCKET,
                                    from.join.pass().grant().subject()))
                    .whenComplete(
                            (done, failure) -> from.channel.eventLoop().execute(() -> answer(from, key, id, failure)));
        } catch (Refusal refusal) {
            refuse(key, refusal.status(), refusal.title());
        }
    }

    private void answer(WsSubscriber to, @Nullable String key, String id, @Nullable Throwable failure) {
        if (--inFlight < MAX_IN_FLIGHT && to.channel.isWritable()) {
            to.channel.config().setAutoRead(true);
        }
        if (!to.channel.isActive()) {
            return;
        }
        if (failure == null) {
            to.answer(new Control.Accepted(key, id));
        } else {
            Refusal refusal = Destination.failed(failure);
            to.answer(new Control.Refused(key, refusal.status(), refusal.title()));
        }
    }

    private void hold(WsSubscriber from) {
        if (++inFlight >= MAX_IN_FLIGHT) {
            from.channel.config().setAutoRead(false);
        }
    }

    /** A client that sends nonsense and does not read the answers is sent away. */
    private void refuse(@Nullable String key, int status, String title) {
        edge.counters.refused.increment();
        if (subscriber == null) {
            if (waiting != null) {
                WsInbound.end(waiting, WsFrames.POLICY, "the first frame must be open");
            }
        } else if (subscriber.channel.isWritable()) {
            subscriber.answer(new Control.Refused(key, status, title));
        } else {
            WsInbound.end(subscriber.channel, WsFrames.POLICY, "not reading");
        }
    }
}
