package org.needle.port;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.NettyRuntime;
import java.io.IOException;
import java.net.BindException;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.component.netty.NettyConfiguration;
import org.apache.camel.component.netty.NettyServerBootstrapConfiguration;
import org.apache.camel.component.netty.http.HttpServerBootstrapFactory;
import org.apache.camel.component.netty.http.HttpServerConsumerChannelFactory;
import org.jspecify.annotations.Nullable;
import org.needle.edge.Io;

/** A port of routes, on event loops of its own: a route that waits must not hold up the subscribers. */
final class HttpServer extends HttpServerBootstrapFactory {
    /** How much may come at once on a loop, where connections are few and each waits for its answer. */
    private static final int COMPLETIONS = 2048;

    private final Supplier<Io> io;
    private @Nullable NettyServerBootstrapConfiguration configuration;
    private @Nullable ChannelInitializer<Channel> pipeline;
    private @Nullable MultiThreadIoEventLoopGroup loops;

    HttpServer(HttpServerConsumerChannelFactory routes, Supplier<Io> io) {
        super(routes);
        this.io = io;
    }

    /** Whether these options mean nothing that only Camel's own server does. */
    static boolean obeys(NettyConfiguration wanted) {
        return !wanted.isNativeTransport()
                && wanted.getUnixDomainSocketPath() == null
                && wanted.getBossGroup() == null
                && wanted.getWorkerGroup() == null
                && wanted.getOptions() == null;
    }

    @Override
    public void init(
            CamelContext context,
            NettyServerBootstrapConfiguration configuration,
            ChannelInitializer<Channel> pipeline) {
        super.init(context, configuration, pipeline);
        this.configuration = configuration;
        this.pipeline = pipeline;
    }

    /** @throws IOException if the port cannot be had, or this machine has not what {@code io} wants */
    @Override
    protected void startServerBootstrap() throws IOException {
        NettyServerBootstrapConfiguration wanted = configuration;
        if (wanted == null) {
            throw new IllegalStateException("not initialized");
        }
        Io way = io.get().resolve();
        int threads = wanted.getWorkerCount() > 0 ? wanted.getWorkerCount() : NettyRuntime.availableProcessors();
        MultiThreadIoEventLoopGroup started = way.start(threads, "needle-port", COMPLETIONS);
        ServerBootstrap bootstrap = way.bootstrap(started)
                .option(ChannelOption.SO_REUSEADDR, wanted.isReuseAddress())
                .childOption(ChannelOption.SO_KEEPALIVE, wanted.isKeepAlive())
                .childOption(ChannelOption.TCP_NODELAY, wanted.isTcpNoDelay())
                .childHandler(pipeline);
        if (wanted.getBacklog() > 0) {
            bootstrap.option(ChannelOption.SO_BACKLOG, wanted.getBacklog());
        }
        loops = started;
        try {
            addChannel(Io.bind(bootstrap, wanted.getHost(), wanted.getPort()));
        } catch (BindException e) {
            stopServerBootstrap();
            throw e;
        }
    }

    /** The loops end a little later: handlers on threads of their own still have something to tell them. */
    @Override
    protected void stopServerBootstrap() {
        super.stopServerBootstrap();
        MultiThreadIoEventLoopGroup stopping = loops;
        if (stopping != null) {
            stopping.shutdownGracefully();
            loops = null;
        }
    }
}
