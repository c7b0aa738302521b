package org.needle.port;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.netty.NettyServerBootstrapFactory;
import org.apache.camel.component.netty.http.HttpServerConsumerChannelFactory;
import org.apache.camel.component.netty.http.NettyHttpEndpoint;
import org.apache.camel.component.netty.http.NettySharedHttpServer;
import org.apache.camel.component.netty.http.NettySharedHttpServerBootstrapConfiguration;
import org.apache.camel.component.netty.http.handlers.HttpOutboundStreamHandler;
import org.apache.camel.component.netty.http.handlers.HttpServerMultiplexChannelHandler;
import org.apache.camel.support.service.ServiceSupport;
import org.needle.edge.Edge;
import org.needle.edge.EdgeSettings;
import org.needle.edge.OtherPaths;

/**
 * Makes the edge camel-netty-http's shared server: consumers whose port is the public port land on it, with no option in the
 * route. Create it before the routes. Camel routes may block, so they get threads of their own and never an event loop.
 */
public final class SharedPort extends ServiceSupport implements NettySharedHttpServer, OtherPaths, AutoCloseable {
    private static final int QUIET_MS = 100;
    private static final int LONGEST_MS = 1_000;
    private static final String STREAMS = "camel-streams";
    private static final String ROUTES = "camel-routes";

    private final int port;
    private final HttpServerMultiplexChannelHandler consumers = new HttpServerMultiplexChannelHandler();
    private final NettyServerBootstrapFactory bootstrap = new SharedBootstrap(consumers);
    private final EventExecutorGroup executors = new DefaultEventExecutorGroup(
            2 * Runtime.getRuntime().availableProcessors() + 1, new DefaultThreadFactory("needle-routes", true));

    /** The connections that have come to a route. */
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    public SharedPort(Edge edge, EdgeSettings settings, CamelContext context) {
        this.port = settings.port();
        consumers.init(port);
        context.getCamelContextExtension().registerEndpointCallback(this::share);
        edge.otherPaths(this);
    }

    private Endpoint share(String uri, Endpoint endpoint) {
        if (port != 0
                && endpoint instanceof NettyHttpEndpoint http
                && http.getNettySharedHttpServer() == null
                && http.getConfiguration().getPort() == port) {
            http.setNettySharedHttpServer(this);
            http.setHeaderFilterStrategy(new ClientHeaders(http.getHeaderFilterStrategy()));
        }
        return endpoint;
    }

    /** Called on the connection's event loop; the handlers are added when a connection first needs them. */
    @Override
    @SuppressWarnings("deprecation") // the threads of Camel's handler
    public boolean take(ChannelHandlerContext context, FullHttpRequest request) {
        if (consumers.consumers() == 0) {
            return false;
        }
        ChannelPipeline pipeline = context.pipeline();
        if (pipeline.get(ROUTES) == null) {
            connections.add(pipeline.channel());
            pipeline.addLast(new WholeResponses());
            pipeline.addLast(STREAMS, new HttpOutboundStreamHandler());
            pipeline.addLast(executors, ROUTES, consumers);
        }
        context.fireChannelRead(request);
        return true;
    }

    /** Ends the connections that routes serve, then their threads: these still have to hear of it. Before the edge is closed. */
    @Override
    public void close() {
        connections.close().awaitUninterruptibly(LONGEST_MS);
        executors.shutdownGracefully(QUIET_MS, LONGEST_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public int getPort() {
        return port;
    }

    @Override
    public HttpServerConsumerChannelFactory getConsumerChannelFactory() {
        return consumers;
    }

    @Override
    public NettyServerBootstrapFactory getServerBootstrapFactory() {
        return bootstrap;
    }

    @Override
    public int getConsumersSize() {
        return consumers.consumers();
    }

    @Override
    public void setNettyServerBootstrapConfiguration(NettySharedHttpServerBootstrapConfiguration configuration) {
        // the edge has its own settings
    }

    @Override
    public void setCamelContext(CamelContext context) {
        // given when it was made
    }

    @Override
    public void setStartServer(boolean startServer) {
        // the gateway starts the edge
    }

    @Override
    public void setThreadNamePattern(String pattern) {
        // the edge names its threads
    }
}
