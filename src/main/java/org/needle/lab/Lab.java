package org.needle.lab;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A hostile middlebox in front of one server: listens, and does to those who come through what its profile says. Its methods may be
 * called from any thread; the connections are all in one thread of its own, {@code needle-lab}.
 */
public final class Lab implements AutoCloseable {
    private static final int SECONDS = 10;
    private static final int BACKLOG = 1_000;

    private final MultiThreadIoEventLoopGroup loop;
    private final Network network;
    private final Channel listener;
    private final @Nullable LabKeys keys;

    /** What becomes of the connections that are open when the network changes. */
    public enum Old {
        /** As when a device leaves one network for another: the client sees them fail, the server hears nothing. */
        LOST,
        /** As when a way is lost somewhere in between: nothing passes on them any more, and nobody is told. */
        STRANDED,
        /** As when only the box changes its mind: they stay, under the new profile. */
        STAY
    }

    private Lab(Network network, LabOptions options, @Nullable LabKeys keys) throws IOException {
        this.network = network;
        this.keys = keys;
        this.loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("needle-lab", true), NioIoHandler.newFactory());
        SslContext tls = options.overTls() && keys != null ? keys.server() : null;
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Door(network, tls))
                .bind(options.listen())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw new IOException("cannot listen on " + options.listen() + ": "
                    + bound.cause().getMessage());
        }
        this.listener = bound.channel();
        network.rule(network.reign().profile()); // its clock starts when somebody can come
    }

    /**
     * Opens a lab; the clock of a profile with a timetable starts now.
     *
     * @throws IOException if it cannot listen there, or cannot make its certificate
     */
    public static Lab open(Profile profile, InetSocketAddress target, LabOptions options) throws IOException {
        LabKeys keys = options.overTls() ? LabKeys.in(options.keys()) : null;
        SslContext toTarget = options.targetOverTls() ? LabKeys.trusting() : null;
        return new Lab(new Network(profile, target, options, toTarget), options, keys);
    }

    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    public Profile profile() {
        return network.reign().profile();
    }

    /** The network changes: what is open is {@link Old#LOST}, and the profile's clock starts anew. Returns when it has happened. */
    public void change(Profile profile) {
        change(profile, Old.LOST);
    }

    public void change(Profile profile, Old old) {
        Network.Reign reign = network.rule(profile);
        CompletableFuture<Void> done = CompletableFuture.runAsync(() -> change(reign, old), loop);
        done.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    private void change(Network.Reign reign, Old old) {
        for (Line line : network.lines()) {
            switch (old) {
                case LOST -> line.end(Ending.RESET_CLIENT);
                case STRANDED -> line.end(Ending.SILENCE);
                case STAY -> line.follow(reign);
            }
        }
    }

    /** Where connections lead from now on, as when the server has moved. */
    public void target(InetSocketAddress other) {
        network.target(other);
    }

    /** What was asked so far, oldest first; the last 100,000. */
    public List<Seen> seen() {
        return network.seen();
    }

    /** How many connections there have been so far; over HTTP/2, streams. */
    public long connections() {
        return network.connections();
    }

    /** How many connections are open on the client's side, the server's, or both. */
    public int open() {
        return network.lines().size();
    }

    /** The certificate of the authority that has signed the lab's own, in PEM. @throws IllegalStateException without TLS */
    public String authority() {
        if (keys == null) {
            throw new IllegalStateException("this lab speaks no TLS");
        }
        return keys.authority();
    }

    /** Stops listening and ends all connections; nothing happens if it has been closed already. */
    @Override
    public void close() {
        if (loop.isShuttingDown()) {
            return;
        }
        listener.close().awaitUninterruptibly(SECONDS, TimeUnit.SECONDS);
        loop.execute(() -> network.lines().forEach(line -> line.end(Ending.FIN)));
        network.close().awaitUninterruptibly(SECONDS, TimeUnit.SECONDS);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(SECONDS, TimeUnit.SECONDS);
    }
}
