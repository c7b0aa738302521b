package org.needle.port;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.camel.component.netty.http.HttpServerBootstrapFactory;
import org.apache.camel.component.netty.http.HttpServerConsumerChannelFactory;
import org.apache.camel.component.netty.http.HttpServerInitializerFactory;
import org.apache.camel.component.netty.http.NettyHttpComponent;
import org.apache.camel.component.netty.http.NettyHttpComponentConfigurer;
import org.apache.camel.component.netty.http.NettyHttpConfiguration;
import org.apache.camel.component.netty.http.NettyHttpConsumer;
import org.apache.camel.component.netty.http.NettyHttpEndpointConfigurer;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.support.service.ServiceHelper;
import org.needle.edge.Io;

/**
 * camel-netty-http, but the ports of routes have the edge's input and output, whose code a gateway has run a thousand times before
 * its first event; a route that is loaded again has its new options; and the only route of a port is not searched for. Producers,
 * and servers with options that only Camel's own obeys, are as ever.
 */
public final class HttpComponent extends NettyHttpComponent {
    private final PropertyConfigurer options = new NettyHttpComponentConfigurer();
    private final PropertyConfigurer endpointOptions = new NettyHttpEndpointConfigurer();
    private final Supplier<Io> io;
    private final Map<Integer, HttpRoutes> ports = new ConcurrentHashMap<>();
    private final Map<String, HttpServer> servers = new ConcurrentHashMap<>();

    /** @param io asked when a server starts */
    public HttpComponent(Supplier<Io> io) {
        this.io = io;
    }

    @Override
    public HttpServerConsumerChannelFactory getMultiplexChannelHandler(int port) {
        return ports.computeIfAbsent(port, HttpRoutes::new);
    }

    /** One a server; after its last route has gone a new one, or a route that is loaded again would have its old options. */
    @Override
    protected HttpServerBootstrapFactory getOrCreateHttpNettyServerBootstrapFactory(NettyHttpConsumer consumer) {
        NettyHttpConfiguration wanted = consumer.getConfiguration();
        if (!HttpServer.obeys(wanted)) {
            return super.getOrCreateHttpNettyServerBootstrapFactory(consumer);
        }
        HttpServerConsumerChannelFactory routes = getMultiplexChannelHandler(wanted.getPort());
        return servers.compute(wanted.getAddress(), (address, known) -> {
            if (known != null && routes.consumers() > 0) {
                return known;
            }
            HttpServer server = new HttpServer(routes, io);
            server.init(getCamelContext(), wanted, new HttpServerInitializerFactory(consumer));
            return server;
        });
    }

    /** Camel finds these by an annotation of the class, which is not inherited. */
    @Override
    public PropertyConfigurer getComponentPropertyConfigurer() {
        return options;
    }

    @Override
    public PropertyConfigurer getEndpointPropertyConfigurer() {
        return endpointOptions;
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        ServiceHelper.stopService(servers.values());
        servers.clear();
        ports.clear();
    }
}
