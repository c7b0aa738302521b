package org.needle.edge;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.needle.hub.SystemClock;
import org.needle.wire.Control;

/** A subscriber on a WebSocket: it can be pinged, and it answers. Event loop only. */
final class WsSubscriber extends StreamSubscriber {
    private static final byte[] NOTHING = {};

    private long lastSeen = SystemClock.nanos();

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

    @Override
    void tick() {
        write(WsFrames.frame(WsFrames.PING, NOTHING, channel.alloc()));
        super.tick();
    }

    /** Every client answers a ping, after what was sent before it. */
    @Override
    void vouch() {
        byte[] offset = Long.toString(subscription().offset()).getBytes(StandardCharsets.US_ASCII);
        write(WsFrames.frame(WsFrames.PING, offset, channel.alloc()));
        channel.flush();
    }

    /** The answer to a ping; it is nothing else that a client may say. */
    void pong(byte[] payload) {
        String text = new String(payload, StandardCharsets.US_ASCII);
        if (isFollowing() && text.matches("[0-9]{1,18}")) {
            long offset = Math.min(Long.parseLong(text), subscription().offset());
            edge.confirmations.confirm(session, join.transport(), offset);
        }
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
        channel.eventLoop().schedule(() -> channel.close(), 2, TimeUnit.SECONDS);
    }
}
