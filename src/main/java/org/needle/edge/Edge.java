package org.needle.edge;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Hub;
import org.needle.hub.SystemClock;

/** The public port. Started, drained and closed once each, by one thread; everything else is callable from any thread. */
public final class Edge implements AutoCloseable {
    private static final int BACKLOG = 4096;
    private static final int LOW_WATER = 32 << 10;
    private static final int HIGH_WATER = 64 << 10;

    private final EdgeContext context;
    private @Nullable EventLoopGroup group;
    private volatile @Nullable Channel listening;
    private volatile long drainedAt;

    public Edge(Hub hub, EdgeSettings settings) {
        this.context = new EdgeContext(hub, settings);
    }

    /** Binds the port; nothing happens if it is off. @throws IOException naming the address that cannot be bound */
    public void start() throws IOException {
        EdgeSettings settings = context.settings;
        if (settings.port() == 0) {
            return;
        }
        Io io = settings.loops().io().resolve();
        MultiThreadIoEventLoopGroup loops = io.start(settings.loops().count());
        group = loops;
        for (EventExecutor executor : loops) {
            EventLoop loop = (EventLoop) executor;
            DeliveryLoop delivery = new DeliveryLoop(context.hub, loop, PooledByteBufAllocator.DEFAULT);
            context.loops.put(loop, delivery);
            loop.scheduleWithFixedDelay(delivery::sweep, 1, 1, TimeUnit.SECONDS);
        }
        loops.next().scheduleWithFixedDelay(context.sessions::sweep, 1, 1, TimeUnit.SECONDS);
        int port = Math.max(settings.port(), 0);
        ChannelFuture bound = bootstrap(io, loops).bind(settings.host(), port).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IOException(
                    "cannot bind " + settings.host() + ":" + port + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        listening = bound.channel();
    }

    private ServerBootstrap bootstrap(Io io, MultiThreadIoEventLoopGroup loops) {
        ServerBootstrap bootstrap = io.bootstrap(loops)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(LOW_WATER, HIGH_WATER))
                .childHandler(new Accepted(context));
        long gone = context.settings.timing().heartbeat().toMillis() * 2 + TimeUnit.SECONDS.toMillis(5);
        io.limit(bootstrap, Math.toIntExact(gone), HIGH_WATER);
        return bootstrap;
    }

    /** Counts each connection and gives it its handlers. */
    private static final class Accepted extends ChannelInitializer<Channel> {
        private final EdgeContext context;
        private final Front front;

        Accepted(EdgeContext context) {
            this.context = context;
            this.front = new Front(context);
        }

        @Override
        protected void initChannel(Channel channel) {
            context.counters.connections.increment();
            channel.closeFuture().addListener(closed -> context.counters.connections.decrement());
            Arrival.install(channel, context);
            if (context.counters.connections.sum() > context.settings.limits().connections()) {
                context.counters.refused.increment();
                channel.close();
            } else {
                HttpPipeline.install(channel.pipeline(), context, front);
            }
        }
    }

    /** The bound port, 0 if there is none. */
    public int port() {
        Channel bound = listening;
        return bound == null ? 0 : ((InetSocketAddress) bound.localAddress()).getPort();
    }

    /** What clients send to topics. */
    public Messages messages() {
        return context.messages;
    }

    /** Plain WebSockets at paths. */
    public Sockets sockets() {
        return context.sockets;
    }

    /** Who takes the requests for other paths. */
    public void otherPaths(OtherPaths paths) {
        context.otherPaths = paths;
    }

    public List<Meter> meters() {
        return context.counters.meters(context.sessions);
    }

    /** Sends every subscriber away with a delay of its own, and from now on turns new ones away. Returns at once. */
    public void drain() {
        if (context.draining) {
            return;
        }
        drainedAt = context.counters.subscribers() == 0 ? 0 : SystemClock.nanos();
        context.draining = true;
        for (DeliveryLoop loop : context.loops.values()) {
            loop.executor().execute(() -> loop.subscribers()
                    .forEach(subscriber -> subscriber.bye(Counters.End.DRAIN, context.retryAfter())));
        }
        context.sockets.drain();
    }

    public boolean isDraining() {
        return context.draining;
    }

    /** One line about what is wrong, or an empty string. */
    public String trouble() {
        if (context.draining) {
            return "draining";
        }
        return context.settings.port() != 0 && port() == 0 ? "not bound" : "";
    }

    /** Turns those that come back away until the time for draining is over, then ends everything. */
    @Override
    public void close() {
        drain();
        EventLoopGroup loops = group;
        Channel bound = listening;
        if (loops == null || loops.isShuttingDown()) {
            return;
        }
        if (bound != null && drainedAt != 0) {
            long left = drainedAt + context.settings.timing().drain().toNanos() - SystemClock.nanos();
            bound.closeFuture().awaitUninterruptibly(Math.max(0, left), TimeUnit.NANOSECONDS);
        }
        if (bound != null) {
            bound.close().awaitUninterruptibly(); // before the loops end: a connection accepted now would have none
        }
        for (DeliveryLoop loop : context.loops.values()) {
            loop.executor().execute(loop::close);
        }
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        listening = null;
    }
}
