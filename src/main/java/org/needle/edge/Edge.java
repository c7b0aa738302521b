package org.needle.edge;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
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
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Hub;
import org.needle.hub.SystemClock;

/** The public port. Started, drained and closed once each, by one thread; everything else is callable from any thread. */
public final class Edge implements AutoCloseable {
    private static final int BACKLOG = 4096;
    static final int LOW_WATER = 32 << 10;
    static final int HIGH_WATER = 64 << 10;

    private final EdgeContext context;
    private @Nullable EventLoopGroup group;
    private final @Nullable Tls tls;
    private volatile @Nullable Channel listening;
    private volatile @Nullable Channel secure;
    private volatile long drainedAt;

    /** Binds nothing yet; what TLS needs is read from now on, on another thread. */
    public Edge(Hub hub, EdgeSettings settings) {
        this.context = new EdgeContext(hub, settings);
        this.tls = settings.tls() == null ? null : new Tls(settings.tls());
        if (tls != null) {
            tls.begin();
        }
    }

    /**
     * Binds the ports; nothing happens if they are off.
     *
     * @throws BindException naming the address that cannot be bound
     * @throws IOException if the certificate is of no use, or this machine has not what {@code io} wants
     */
    public void start() throws IOException {
        EdgeSettings settings = context.settings;
        Tls door = tls;
        if (settings.port() == 0 && door == null) {
            return;
        }
        if (door != null) {
            door.start();
        }
        Io io = settings.loops().io().resolve();
        MultiThreadIoEventLoopGroup loops = io.start(settings.loops().count());
        group = loops;
        for (EventExecutor executor : loops) {
            EventLoop loop = (EventLoop) executor;
            DeliveryLoop delivery =
                    new DeliveryLoop(context.hub, loop, PooledByteBufAllocator.DEFAULT, FrameCache.MANY);
            context.loops.put(loop, delivery);
            loop.scheduleWithFixedDelay(
                    delivery::sweep, DeliveryLoop.SWEEP_EVERY, DeliveryLoop.SWEEP_EVERY, TimeUnit.NANOSECONDS);
        }
        loops.next().scheduleWithFixedDelay(context.sessions::sweep, 1, 1, TimeUnit.SECONDS);
        loops.next().scheduleWithFixedDelay(context.paths::sweep, 1, 1, TimeUnit.SECONDS);
        loops.next().scheduleWithFixedDelay(context.privates::sweep, 1, 1, TimeUnit.SECONDS);
        ServerBootstrap bootstrap = bootstrap(io, loops);
        try {
            if (settings.port() != 0) {
                listening = bind(bootstrap, settings.port(), null);
            }
            if (settings.tls() != null) {
                secure = bind(bootstrap, settings.tls().port(), door);
            }
        } catch (BindException e) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw e;
        }
    }

    private Channel bind(ServerBootstrap bootstrap, int wanted, @Nullable Tls door) throws BindException {
        String host = context.settings.host();
        int port = Math.max(wanted, 0);
        ChannelFuture bound = bootstrap
                .clone()
                .childHandler(new Accepted(context, door))
                .bind(host, port)
                .awaitUninterruptibly();
        if (bound.isSuccess()) {
            return bound.channel();
        }
        BindException failure = new BindException(
                "cannot bind " + host + ":" + port + ": " + bound.cause().getMessage());
        failure.initCause(bound.cause());
        throw failure;
    }

    private ServerBootstrap bootstrap(Io io, MultiThreadIoEventLoopGroup loops) {
        ServerBootstrap bootstrap = io.bootstrap(loops)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator()) // one for all
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(LOW_WATER, HIGH_WATER));
        long gone = context.settings.timing().heartbeat().toMillis() * 2 + TimeUnit.SECONDS.toMillis(5);
        io.limit(bootstrap, Math.toIntExact(gone), HIGH_WATER);
        return bootstrap;
    }

    /** Counts each connection and gives it its handlers. */
    private static final class Accepted extends ChannelInitializer<Channel> {
        private final EdgeContext context;
        private final @Nullable Tls tls;
        private final Front front;

        Accepted(EdgeContext context, @Nullable Tls tls) {
            this.context = context;
            this.tls = tls;
            this.front = new Front(context);
        }

        @Override
        protected void initChannel(Channel channel) {
            Arrival.install(channel, context);
            if (context.counters.connections.sum() > context.settings.limits().connections()) {
                context.counters.refused.increment();
                channel.close();
            } else if (tls == null) {
                HttpPipeline.install(channel.pipeline(), context, front);
            } else {
                channel.pipeline().addLast(new TlsDoor(tls.context(), context, front));
            }
        }
    }

    /** The bound port without TLS, 0 if there is none. */
    public int port() {
        return port(listening);
    }

    /** The bound port with TLS, 0 if there is none. */
    public int tlsPort() {
        return port(secure);
    }

    private static int port(@Nullable Channel bound) {
        return bound == null ? 0 : ((InetSocketAddress) bound.localAddress()).getPort();
    }

    /** Takes up files that have changed. Call about once a second, from a thread that may wait for a disk. */
    public void refresh() {
        context.settings.callers().origins().reread();
        if (tls != null) {
            tls.refresh();
        }
    }

    /** What has arrived at clients. */
    public Confirmations confirmations() {
        return context.confirmations;
    }

    /**
     * How many sessions did not answer when it was last looked, about a second ago. Any thread.
     *
     * @param transport that of their newest connection; null: any
     */
    public Failing failing(@Nullable Transport transport) {
        return context.sessions.failing(transport);
    }

    /** What clients send to topics. */
    public Messages messages() {
        return context.messages;
    }

    /** Plain WebSockets at paths. */
    public Sockets sockets() {
        return context.sockets;
    }

    /** Who forwards requests. */
    public Forwards forwards() {
        return context.forwards;
    }

    /** Who takes the requests for other paths. */
    public void otherPaths(OtherPaths paths) {
        context.otherPaths = paths;
    }

    public List<Meter> meters() {
        List<Meter> meters = new ArrayList<>(context.counters.meters(context.sessions));
        meters.addAll(context.privates.meters());
        if (tls != null) {
            meters.add(new Meter("needle.tls.reload.failures", Map.of(), false, tls.failures()::sum));
        }
        return meters;
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
        context.privates.close();
        EventLoopGroup loops = group;
        if (loops != null) {
            // a while later: some clients take GOAWAY for the end of the streams that they have not read to their end
            // yet
            long pause = context.settings.timing().drain().toMillis() / 4;
            loops.next().schedule(() -> context.http2.forEach(Http2::leave), pause, TimeUnit.MILLISECONDS);
        }
    }

    public boolean isDraining() {
        return context.draining;
    }

    /** One line about what is wrong, or an empty string. */
    public String trouble() {
        if (context.draining) {
            return "draining";
        }
        boolean bound = (context.settings.port() == 0 || port() != 0) && (tls == null || tlsPort() != 0);
        return bound ? "" : "not bound";
    }

    /** One line about what is wrong with the certificate, or an empty string. */
    public String tlsTrouble() {
        return tls == null ? "" : tls.trouble();
    }

    /** Turns those that come back away until the time for draining is over, then ends everything. */
    @Override
    public void close() {
        drain();
        EventLoopGroup loops = group;
        if (loops == null || loops.isShuttingDown()) {
            return;
        }
        if (drainedAt != 0) {
            long left = drainedAt + context.settings.timing().drain().toNanos() - SystemClock.nanos();
            loops.terminationFuture().awaitUninterruptibly(Math.max(0, left), TimeUnit.NANOSECONDS);
        }
        for (Channel bound : Arrays.asList(listening, secure)) {
            if (bound != null) {
                bound.close().awaitUninterruptibly(); // before the loops end: a connection accepted now would have none
            }
        }
        for (DeliveryLoop loop : context.loops.values()) {
            loop.executor().execute(loop::close);
        }
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        listening = null;
        secure = null;
    }
}
