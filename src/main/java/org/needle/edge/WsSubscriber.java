package org.needle.edge;

import java.nio.ByteBuffer;
import org.needle.hub.SystemClock;
import org.needle.wire.Control;

/** A subscriber on a WebSocket: it can be pinged, and it answers. Event loop only. */
final class WsSubscriber extends StreamSubscriber {
    private static final byte[] NOTHING = {};

    private long lastSeen = SystemClock.nanos();
    /** Up to where a ping has asked whether everything has come. */
    private long asked;

    WsSubscriber(EdgeContext edge, Join join, Opening opening) {
        super(edge, join, opening);
    }

    void seen() {
        lastSeen = loop.now();
        session.path().heard(lastSeen);
    }

    /** A client that neither answers pings nor says anything for two heartbeats and five seconds is gone. */
    @Override
    void sweep(long now) {
        if (now - lastSeen > silence()) {
            lose(Counters.End.SILENT);
            return;
        }
        super.sweep(now);
    }

    /** A ping goes behind what was sent, and the pong comes from the client itself. */
    @Override
    void probe() {
        long sent = subscription().offset();
        if (isUnconfirmed() && sent > asked && channel.isWritable()) {
            asked = sent;
            write(WsFrames.frame(
                    WsFrames.PING, ByteBuffer.allocate(Long.BYTES).putLong(sent).array(), channel.alloc()));
            channel.flush();
        }
    }

    /** The client answers a ping. */
    void pong(byte[] payload) {
        if (payload.length == Long.BYTES) {
            long offset = Math.min(ByteBuffer.wrap(payload).getLong(), asked);
            edge.confirmations.confirm(session, join.transport(), offset);
        }
    }

    @Override
    void tick() {
        write(WsFrames.frame(WsFrames.PING, NOTHING, channel.alloc()));
        super.tick();
    }

    /** What is held on a WebSocket is not let go by its end; if nothing comes through, no pong will either. */
    @Override
    void unproved() {}

    void answer(Control control) {
        tell(control);
        channel.flush();
    }

    @Override
    void end(Counters.End reason) {
        int code =
                switch (reason) {
                    case DRAIN -> WsFrames.RESTART;
                    case EXPIRED -> WsFrames.UNAUTHORIZED;
                    default -> WsFrames.NORMAL;
                };
        channel.writeAndFlush(WsFrames.close(code, reason.name(), channel.alloc()));
        closeInTime(reason);
    }
}
