package org.needle.lab;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What all lines of a lab have in common. The reign changes as a whole; sets are concurrent; what was seen has its own lock. */
final class Network {
    private static final Ticker TICKER = Ticker.systemTicker();
    private static final AttributeKey<Long> OPENED = AttributeKey.valueOf(Network.class, "opened");
    private static final int MOST_SEEN = 100_000;
    private static final int LONGEST = 64 << 10;
    private static final String CODEC = "http";

    private final LabOptions options;
    private final @Nullable SslContext toTarget;
    private final long began = now();
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private final AtomicLong connections = new AtomicLong();
    private final Deque<Seen> seen = new ArrayDeque<>();
    private volatile InetSocketAddress target;
    private volatile Reign reign;

    /** A profile, and since when it is in force. */
    record Reign(Profile profile, long begun) {}

    Network(Profile profile, InetSocketAddress target, LabOptions options, @Nullable SslContext toTarget) {
        this.target = target;
        this.options = options;
        this.toTarget = toTarget;
        this.reign = new Reign(profile, began);
    }

    static long now() {
        return TICKER.nanoTime();
    }

    InetSocketAddress target() {
        return target;
    }

    void target(InetSocketAddress other) {
        target = other;
    }

    Reign reign() {
        return reign;
    }

    Set<Line> lines() {
        return lines;
    }

    /** Lines opened from now on are under this profile. */
    Reign rule(Profile profile) {
        reign = new Reign(profile, now());
        return reign;
    }

    // ---- the client's side ----

    /** To be called as soon as a client's TCP connection is there. */
    void arrived(Channel connection) {
        connection.attr(OPENED).set(now());
        channels.add(connection);
    }

    static long opened(Channel connection) {
        Long at = connection.attr(OPENED).get();
        return at == null ? now() : at;
    }

    /** Begins a line on a channel whose handlers so far make HTTP objects, or bytes, of what arrives. */
    Line begin(Channel client) {
        Line line = new Line(this, client, connections.incrementAndGet());
        lines.add(line);
        client.pipeline().addLast(Side.client(line));
        line.follow(reign);
        return line;
    }

    static void addServerCodec(ChannelPipeline pipeline, String behind) {
        pipeline.addAfter(behind, CODEC, new HttpServerCodec(http()));
    }

    static void dropCodec(Channel channel) {
        if (channel.pipeline().get(CODEC) != null) {
            channel.pipeline().remove(CODEC);
        }
    }

    private static HttpDecoderConfig http() {
        return new HttpDecoderConfig().setMaxInitialLineLength(LONGEST).setMaxHeaderSize(LONGEST);
    }

    // ---- the server's side ----

    ChannelFuture connect(Line line, boolean raw) {
        Bootstrap bootstrap = new Bootstrap()
                .group(line.loop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel server) {
                        channels.add(server);
                        if (toTarget != null && !raw) {
                            server.pipeline().addLast(toTarget.newHandler(server.alloc()));
                        }
                        if (!raw) {
                            server.pipeline().addLast(CODEC, new HttpClientCodec(http(), false, false));
                        }
                        server.pipeline().addLast(Side.server(line));
                    }
                });
        return options.from() == null
                ? bootstrap.connect(target)
                : bootstrap.connect(target, new InetSocketAddress(options.from(), 0));
    }

    // ---- what is told of it ----

    SplittableRandom chance(long number) {
        return new SplittableRandom(options.seed() * 0x9E3779B97F4A7C15L + number);
    }

    void record(HttpRequest ask) {
        Seen one = new Seen(
                TimeUnit.NANOSECONDS.toMillis(now() - began),
                ask.method().name(),
                ask.uri(),
                ask.headers().get("Accept", ""),
                ask.headers().get("Upgrade", ""));
        synchronized (seen) {
            seen.add(one);
            if (seen.size() > MOST_SEEN) {
                seen.remove();
            }
        }
    }

    List<Seen> seen() {
        synchronized (seen) {
            return List.copyOf(seen);
        }
    }

    long connections() {
        return connections.get();
    }

    void forget(Line line) {
        lines.remove(line);
    }

    /** Closes everything on both sides. */
    ChannelGroupFuture close() {
        return channels.close();
    }
}
