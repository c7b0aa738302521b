package org.needle.edge;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the kernel is asked for input and output, best first: with io_uring one system call writes to many subscribers. */
public enum Io {
    /** The best that this machine has. */
    AUTO,
    IO_URING,
    EPOLL,
    NIO;

    /** How many writes one system call can take. */
    private static final int RING = 1024;
    /** How much may come at once: some of all connections of a loop, if a network is back. */
    private static final int COMPLETIONS = 32 << 10;

    /** What this means here: never {@code AUTO}. @throws IOException if this machine has not what is wanted */
    Io resolve() throws IOException {
        return switch (this) {
            case AUTO -> IoUring.isAvailable() ? IO_URING : Epoll.isAvailable() ? EPOLL : NIO;
            case IO_URING -> there(IoUring.unavailabilityCause());
            case EPOLL -> there(Epoll.unavailabilityCause());
            case NIO -> this;
        };
    }

    private Io there(@Nullable Throwable missing) throws IOException {
        if (missing != null) {
            throw new IOException("this machine has no " + name().toLowerCase(Locale.ROOT) + ": set io=auto", missing);
        }
        return this;
    }

    MultiThreadIoEventLoopGroup start(int threads) {
        IoHandlerFactory handlers =
                switch (this) {
                    case IO_URING ->
                        IoUringIoHandler.newFactory(
                                new IoUringIoHandlerConfig().setRingSize(RING).setCqSize(COMPLETIONS));
                    case EPOLL -> EpollIoHandler.newFactory();
                    case NIO, AUTO -> NioIoHandler.newFactory();
                };
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("needle-edge", true), handlers);
    }

    /** A bootstrap without handler, on {@code loops} that {@link #start} made. */
    ServerBootstrap bootstrap(MultiThreadIoEventLoopGroup loops) {
        ServerBootstrap bootstrap = new ServerBootstrap().group(loops).option(ChannelOption.SO_REUSEADDR, true);
        return switch (this) {
            case IO_URING -> bootstrap.channel(IoUringServerSocketChannel.class);
            case EPOLL -> bootstrap.channel(EpollServerSocketChannel.class);
            case NIO, AUTO -> bootstrap.channel(NioServerSocketChannel.class);
        };
    }

    /** Has the kernel give up a peer that acknowledges nothing, and leave in our hands what it cannot send yet. Not with NIO. */
    void limit(ServerBootstrap bootstrap, int unacknowledgedMs, long unsentBytes) {
        if (this == IO_URING) {
            bootstrap.childOption(IoUringChannelOption.TCP_USER_TIMEOUT, unacknowledgedMs);
            bootstrap.childOption(IoUringChannelOption.TCP_NOTSENT_LOWAT, unsentBytes);
        } else if (this == EPOLL) {
            bootstrap.childOption(EpollChannelOption.TCP_USER_TIMEOUT, unacknowledgedMs);
            bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, unsentBytes);
        }
    }
}
