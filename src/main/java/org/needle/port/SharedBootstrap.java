package org.needle.port;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.util.concurrent.ThreadFactory;
import org.apache.camel.CamelContext;
import org.apache.camel.component.netty.NettyConsumer;
import org.apache.camel.component.netty.NettyServerBootstrapConfiguration;
import org.apache.camel.component.netty.NettyServerBootstrapFactory;
import org.apache.camel.component.netty.http.HttpServerConsumerChannelFactory;
import org.apache.camel.component.netty.http.NettyHttpConsumer;
import org.apache.camel.support.service.ServiceSupport;

/** What netty-http's consumers take for the server that they start and stop. The port is the edge's, so nothing opens or closes. */
final class SharedBootstrap extends ServiceSupport implements NettyServerBootstrapFactory {
    private final HttpServerConsumerChannelFactory consumers;

    SharedBootstrap(HttpServerConsumerChannelFactory consumers) {
        this.consumers = consumers;
    }

    @Override
    public void addConsumer(NettyConsumer consumer) {
        consumers.addConsumer((NettyHttpConsumer) consumer);
    }

    @Override
    public void removeConsumer(NettyConsumer consumer) {
        consumers.removeConsumer((NettyHttpConsumer) consumer);
    }

    @Override
    public void init(
            CamelContext context,
            NettyServerBootstrapConfiguration configuration,
            ChannelInitializer<Channel> pipelineFactory) {
        // the edge has its own pipeline
    }

    @Override
    public void init(
            ThreadFactory threadFactory,
            NettyServerBootstrapConfiguration configuration,
            ChannelInitializer<Channel> pipelineFactory) {
        // the edge has its own pipeline
    }

    @Override
    public void addChannel(Channel channel) {
        // the edge knows its channels
    }

    @Override
    public void removeChannel(Channel channel) {
        // the edge knows its channels
    }
}
