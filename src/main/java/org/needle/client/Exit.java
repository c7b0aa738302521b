package org.needle.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The last hop before the network, inside this process: connects to the few places that it has been told of, and only to
 * addresses that the rule allows. A name is resolved here and the address connected to is the one that was looked at, so it does not
 * matter what the name means a moment later. For the JDK's client it is a proxy, so TLS is between that client and the server.
 * It listens on the loopback address and wants a secret, which only its own process has.
 */
public final class Exit implements AutoCloseable {
    private static final int CONNECT_MS = 10_000;
    private static final int SECRET_BITS = 128;

    /** What a name means. May block. */
    public interface Names {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final Names names;
    private final AddressRule rule;
    private final ExecutorService resolving;
    private final Set<String> targets = ConcurrentHashMap.newKeySet();
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("needle-exit", true), NioIoHandler.newFactory());
    private final Channel listening;
    private final ProxyAddress address;

    /** @param resolving runs what may block; the caller ends it */
    public Exit(Names names, AddressRule rule, ExecutorService resolving) {
        this.names = names;
        this.rule = rule;
        this.resolving = resolving;
        String secret = new BigInteger(SECRET_BITS, new SecureRandom()).toString(Character.MAX_RADIX);
        this.listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new HttpServerCodec(), new Asked(proof(secret)));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        int port = ((InetSocketAddress) listening.localAddress()).getPort();
        String host = InetAddress.getLoopbackAddress().getHostAddress();
        this.address = ProxyAddress.of("http://needle:" + secret + "@" + host + ":" + port);
    }

    private static byte[] proof(String secret) {
        String authorization =
                ProxyAddress.of("http://needle:" + secret + "@x:1").authorization();
        return String.valueOf(authorization).getBytes(StandardCharsets.US_ASCII);
    }

    /** How a client gets out here. */
    public ProxyAddress address() {
        return address;
    }

    /** From now on {@code host} may be connected to at {@code port}. */
    public void allow(String host, int port) {
        targets.add(host + ":" + port);
    }

    @Override
    public void close() {
        listening.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** One connection, until it is joined to another one. Event loop only, but for the resolving. */
    private final class Asked extends SimpleChannelInboundHandler<HttpObject> {
        private final byte[] proof;
        private boolean asked;

        Asked(byte[] proof) {
            this.proof = proof;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (asked || !(message instanceof HttpRequest request)) {
                return;
            }
            asked = true;
            context.channel().config().setAutoRead(false);
            byte[] shown = request.headers().get("Proxy-Authorization", "").getBytes(StandardCharsets.US_ASCII);
            if (!MessageDigest.isEqual(shown, proof)) {
                answer(context, HttpResponseStatus.PROXY_AUTHENTICATION_REQUIRED);
            } else if (!request.method().equals(HttpMethod.CONNECT) || !targets.contains(request.uri())) {
                answer(context, HttpResponseStatus.FORBIDDEN);
            } else {
                resolve(context, request.uri());
            }
        }

        private void resolve(ChannelHandlerContext context, String target) {
            int colon = target.lastIndexOf(':');
            String host = target.substring(0, colon);
            int port = Integer.parseInt(target.substring(colon + 1));
            resolving.execute(() -> {
                List<InetSocketAddress> allowed = allowed(host, port);
                context.executor().execute(() -> {
                    if (allowed.isEmpty()) {
                        answer(context, HttpResponseStatus.FORBIDDEN);
                    } else {
                        connect(context, allowed.iterator());
                    }
                });
            });
        }

        private List<InetSocketAddress> allowed(String host, int port) {
            try {
                return Arrays.stream(names.addresses(host))
                        .filter(rule::allows)
                        .map(each -> new InetSocketAddress(each, port))
                        .toList();
            } catch (UnknownHostException e) {
                return List.of();
            }
        }

        private void connect(ChannelHandlerContext context, Iterator<InetSocketAddress> addresses) {
            new Bootstrap()
                    .group(context.channel().eventLoop())
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.AUTO_READ, false)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MS)
                    .handler(new Joined())
                    .connect(addresses.next())
                    .addListener((ChannelFuture done) -> {
                        if (done.isSuccess()) {
                            join(context, done.channel());
                        } else if (addresses.hasNext()) {
                            connect(context, addresses);
                        } else {
                            answer(context, HttpResponseStatus.BAD_GATEWAY);
                        }
                    });
        }

        private void join(ChannelHandlerContext context, Channel out) {
            Channel in = context.channel();
            Joined near = new Joined();
            context.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, new HttpResponseStatus(200, "OK")))
                    .addListener(written -> {
                        in.pipeline().addLast(near);
                        in.pipeline().remove(this);
                        in.pipeline().remove(HttpServerCodec.class);
                        near.to(out);
                        out.pipeline().get(Joined.class).to(in);
                        in.read();
                        out.read();
                    });
        }

        private void answer(ChannelHandlerContext context, HttpResponseStatus status) {
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
            response.headers().set("Content-Length", 0);
            if (status.code() == HttpResponseStatus.PROXY_AUTHENTICATION_REQUIRED.code()) {
                response.headers().set("Proxy-Authenticate", "Basic realm=\"needle\"");
            }
            context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    /** One of two connections that are one: reads on when the other has taken what it was given. */
    private static final class Joined extends ChannelInboundHandlerAdapter {
        private @Nullable Channel other;

        void to(Channel joined) {
            other = joined;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            Channel to = other;
            if (to == null) {
                ReferenceCountUtil.release(bytes);
                return;
            }
            to.writeAndFlush(bytes).addListener(written -> {
                if (written.isSuccess()) {
                    context.read();
                } else {
                    context.close();
                }
            });
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            Channel to = other;
            if (to != null) {
                to.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
