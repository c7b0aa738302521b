package org.needle.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.channel.uring.IoUringTcpInfo;

/** Whether the other end of a connection has taken all bytes that were written to it. Event loop only. */
final class Accepted {
    private Accepted() {}

    /** True if nothing is unsent, and as far as the kernel tells, nothing unacknowledged. */
    static boolean everything(Channel channel) {
        Channel parent = channel.parent();
        if (Http2.isStream(channel) && parent != null) {
            return channel.bytesBeforeUnwritable() >= channel.config().getWriteBufferHighWaterMark() && isTaken(parent);
        }
        return isTaken(channel);
    }

    private static boolean isTaken(Channel connection) {
        ChannelOutboundBuffer unsent = connection.unsafe().outboundBuffer();
        return unsent != null && unsent.totalPendingWriteBytes() == 0 && isAcknowledged(connection);
    }

    private static boolean isAcknowledged(Channel connection) {
        if (connection instanceof EpollSocketChannel socket) {
            EpollTcpInfo tcp = socket.tcpInfo();
            return tcp.unacked() == 0 && tcp.probes() == 0;
        }
        if (connection instanceof IoUringSocketChannel socket) {
            IoUringTcpInfo tcp = socket.tcpInfo();
            return tcp.unacked() == 0 && tcp.probes() == 0;
        }
        return true;
    }
}
