package org.needle.port;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.util.AttributeKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.component.netty.http.NettyHttpConsumer;
import org.apache.camel.component.netty.http.handlers.HttpServerChannelHandler;
import org.apache.camel.component.netty.http.handlers.HttpServerMultiplexChannelHandler;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one port. A request for the only one goes straight there: Camel's own search splits the paths of the request and
 * of each route several times and sorts what it finds, which was a tenth of what an event by HTTP cost.
 *
 * <p>Routes come and go on any thread, requests come on those of their connections.
 */
@Sharable
final class HttpRoutes extends HttpServerMultiplexChannelHandler {
    /** Where Camel's own handler looks for the route that is to be told of a failure. */
    private static final AttributeKey<HttpServerChannelHandler> SERVING = AttributeKey.valueOf("serverHandler");

    private final Map<NettyHttpConsumer, HttpServerChannelHandler> routes = new ConcurrentHashMap<>();
    private volatile @Nullable HttpServerChannelHandler only;

    HttpRoutes(int port) {
        init(port);
    }

    @Override
    public void addConsumer(NettyHttpConsumer consumer) {
        super.addConsumer(consumer);
        routes.put(consumer, new HttpServerChannelHandler(consumer));
        choose();
    }

    @Override
    public void removeConsumer(NettyHttpConsumer consumer) {
        super.removeConsumer(consumer);
        routes.remove(consumer);
        choose();
    }

    private synchronized void choose() {
        only = routes.size() == 1 ? routes.values().iterator().next() : null;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Object message) throws Exception {
        HttpServerChannelHandler route = only;
        if (route != null && message instanceof FullHttpRequest request && isFor(route.getConsumer(), request)) {
            ctx.channel().attr(SERVING).set(route);
            route.channelRead(ctx, request.retain());
        } else {
            super.channelRead0(ctx, message);
        }
    }

    /** Only what is certain: everything else, and each refusal, is Camel's business. */
    private static boolean isFor(NettyHttpConsumer consumer, FullHttpRequest request) {
        String path = consumer.getConfiguration().getPath();
        String uri = request.uri();
        return request.method().name().equals(consumer.getEndpoint().getHttpMethodRestrict())
                && consumer.getConfiguration().isMatchOnUriPrefix()
                && uri.startsWith(path)
                && uri.startsWith("/", path.length());
    }
}
