package org.needle.port;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.BindException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

/**
 * camel-netty-http, but a route that is loaded again has its new options, the only route of a port is not searched for, and
 * epoll is used where there is one, unless {@code nativeTransport} says no. Everything else is as ever.
 */
public final class HttpComponent extends NettyHttpComponent {
    private final PropertyConfigurer options = new NettyHttpComponentConfigurer();
    private final PropertyConfigurer endpointOptions = new NettyHttpEndpointConfigurer();
    private final Map<Integer, HttpRoutes> ports = new ConcurrentHashMap<>();
    private final Map<String, Server> servers = new ConcurrentHashMap<>();

    public HttpComponent() {
        getConfiguration().setNativeTransport(Epoll.isAvailable());
    }

    @Override
    public HttpServerConsumerChannelFactory getMultiplexChannelHandler(int port) {
        return ports.computeIfAbsent(port, HttpRoutes::new);
    }

    /** One for each address. When the last route of one has gone, the next says anew how it is to be opened. */
    @Override
    protected HttpServerBootstrapFactory getOrCreateHttpNettyServerBootstrapFactory(NettyHttpConsumer consumer) {
        NettyHttpConfiguration wanted = consumer.getConfiguration();
        return servers.compute(wanted.getAddress(), (address, known) -> {
            Server server = known == null ? new Server(address, getMultiplexChannelHandler(wanted.getPort())) : known;
            if (known == null || known.closed) {
                server.init(getCamelContext(), wanted, new HttpServerInitializerFactory(consumer));
            }
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

    /** Camel's own, which also knows whether its port was open and is not, and which port it is that cannot be had. */
    private static final class Server extends HttpServerBootstrapFactory {
        private final String address;
        private volatile boolean closed;

        Server(String address, HttpServerConsumerChannelFactory routes) {
            super(routes);
            this.address = address;
        }

        @Override
        protected void startServerBootstrap() throws Exception {
            closed = false;
            try {
                super.startServerBootstrap();
            } catch (IOException e) {
                throw new BindException("cannot bind " + address + ": " + e.getMessage());
            }
        }

        @Override
        protected void stopServerBootstrap() {
            super.stopServerBootstrap();
            closed = true;
        }
    }
}
