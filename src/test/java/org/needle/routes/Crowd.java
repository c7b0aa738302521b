package org.needle.routes;

import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sessions on SSE in great number, all on one thread, each of which confirms what it has got about once a second. */
final class Crowd implements AutoCloseable {
    private static final int TO_A_MAILBOX = 6;
    private static final long APART_MS = 900;
    private static final Pattern NONCE = Pattern.compile("\"nonce\":\"([^\"]+)\"");
    private static final Pattern RESUME = Pattern.compile("\"resume\":\"([^\"]+)\"");
    private static final Pattern UNPROVED = Pattern.compile("\"reason\":\"unproved\",\"retryAfter\":([0-9]+)");

    private final URI gateway;
    private final MultiThreadIoEventLoopGroup thread = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final AtomicInteger returns = new AtomicInteger();
    private volatile boolean closing;

    private Crowd(URI gateway) {
        this.gateway = gateway;
    }

    /** Returns when all of them get events. */
    static Crowd to(URI gateway, String topic, int size, int events) throws InterruptedException {
        Crowd crowd = new Crowd(gateway);
        Mailbox mailbox = null;
        for (int i = 0; i < size; i++) {
            if (mailbox == null || i % TO_A_MAILBOX == 0) {
                mailbox = crowd.new Mailbox();
                crowd.connect(mailbox).sync();
                mailbox.begin();
            }
            Member member = crowd.new Member("crowd-crowd-crowd-" + i, new Arrivals(events), mailbox);
            crowd.members.put(member.id, member);
            member.begin("/events?transport=sse&receipts=1&session=" + member.id + "&topic=" + topic)
                    .sync();
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> crowd.members.values().stream().allMatch(Member::isProved));
        return crowd;
    }

    private ChannelFuture connect(ChannelHandler handler) {
        ChannelInitializer<SocketChannel> pipeline = new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(new HttpClientCodec(), handler);
            }
        };
        return new Bootstrap()
                .group(thread)
                .channel(NioSocketChannel.class)
                .handler(pipeline)
                .connect(gateway.getHost(), gateway.getPort());
    }

    private FullHttpRequest request(HttpMethod method, String path, String body) {
        ByteBuf content = Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, path, content);
        request.headers().set(HttpHeaderNames.HOST, gateway.getAuthority());
        if (!body.isEmpty()) {
            request.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
        }
        return request;
    }

    /** By session. */
    Map<String, Member> members() {
        return members;
    }

    /** How often a member was taken for one that gets nothing, because this process was late with its receipts, and came back. */
    int returns() {
        return returns.get();
    }

    /** One session, whose connection must live until the crowd is closed, or be ended with the wish that it comes back. */
    @ChannelHandler.Sharable // in turn
    final class Member extends SimpleChannelInboundHandler<HttpObject> {
        final String id;
        final Arrivals arrivals;
        private final Mailbox mailbox;
        private final ByteBuf rest = Unpooled.buffer();
        private String event = "";
        private String position = "";
        private String nonce = "";
        private String confirmed = "";
        private String path = "";
        private String resume = "";
        private long comesBackAfter = -1;

        // up to which event it has been confirmed when, in pairs
        private final List<int[]> receipts = new ArrayList<>();

        private volatile boolean proved;

        Member(String id, Arrivals arrivals, Mailbox mailbox) {
            this.id = id;
            this.arrivals = arrivals;
            this.mailbox = mailbox;
        }

        private ChannelFuture begin(String path) {
            this.path = path;
            return connect(this).addListener((ChannelFuture done) -> {
                if (done.isSuccess()) {
                    done.channel().writeAndFlush(request(HttpMethod.GET, path, ""));
                } else {
                    arrivals.wrong(done.cause().toString());
                }
            });
        }

        boolean isProved() {
            return proved;
        }

        /** When the gateway answered the receipt that covers an event. */
        synchronized int confirmedAt(int number) {
            int rank = arrivals.rank(number);
            return receipts.stream()
                    .filter(receipt -> receipt[0] >= rank)
                    .mapToInt(receipt -> receipt[1])
                    .findFirst()
                    .orElse(Integer.MAX_VALUE);
        }

        private synchronized void answered(int count) {
            proved = true;
            receipts.add(new int[] {count, Arrivals.now()});
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (part instanceof HttpResponse response && response.status().code() != 200) {
                arrivals.wrong("answered " + response.status());
            }
            if (part instanceof HttpContent content) {
                rest.writeBytes(content.content());
                for (int end = rest.bytesBefore((byte) '\n'); end >= 0; end = rest.bytesBefore((byte) '\n')) {
                    line(rest.readCharSequence(end, StandardCharsets.UTF_8).toString());
                    rest.skipBytes(1);
                }
                rest.discardSomeReadBytes();
            }
        }

        private void line(String line) {
            if (line.isEmpty()) {
                event = "";
            } else if (line.startsWith("id: ")) {
                position = line.substring(4);
            } else if (line.startsWith("event: ")) {
                event = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data(line.substring(6));
            }
        }

        private void data(String data) {
            Matcher hello = NONCE.matcher(data);
            Matcher secret = RESUME.matcher(data);
            Matcher unproved = UNPROVED.matcher(data);
            if (event.isEmpty()) {
                arrivals.came(position, data);
            } else if (hello.find() && secret.find()) {
                nonce = hello.group(1);
                resume = secret.group(1);
                confirmed = "";
                mailbox.members.add(this);
            } else if (unproved.find()) {
                comesBackAfter = Long.parseLong(unproved.group(1));
            } else if (!event.equals("needle-tick") && !event.equals("needle-switch")) {
                arrivals.wrong(event + " " + data);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!closing && comesBackAfter < 0) {
                arrivals.wrong("was cut");
            } else if (!closing) {
                returns.incrementAndGet();
                String back = path.replaceFirst("&resume=.*", "") + "&resume=" + resume + "&position=" + position;
                rest.clear();
                context.executor().schedule(() -> begin(back), comesBackAfter, TimeUnit.MILLISECONDS);
                comesBackAfter = -1;
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            arrivals.wrong(cause.toString());
        }
    }

    /** Sends the receipts of some members: few, because a server need not take many requests that come at once. */
    private final class Mailbox extends SimpleChannelInboundHandler<HttpObject> {
        private final Set<Member> members = new LinkedHashSet<>();
        private final Queue<Runnable> sent = new ArrayDeque<>();
        private Channel channel;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            channel = context.channel();
        }

        void begin() {
            thread.next().scheduleAtFixedRate(this::collect, APART_MS, APART_MS, TimeUnit.MILLISECONDS);
        }

        private void collect() {
            if (sent.isEmpty()) {
                members.stream()
                        .filter(member -> !member.position.equals(member.confirmed))
                        .forEach(this::send);
                channel.flush();
            }
        }

        private void send(Member member) {
            String position = member.position;
            int count = member.arrivals.count();
            sent.add(() -> {
                member.confirmed = position;
                member.answered(count);
            });
            String receipt = "{\"session\":\"" + member.id + "\",\"nonce\":\"" + member.nonce + "\",\"position\":\""
                    + position + "\"}";
            channel.write(request(HttpMethod.POST, "/receipts", receipt));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (part instanceof HttpResponse response && response.status().code() != 204) {
                members.iterator().next().arrivals.wrong("receipt answered " + response.status());
            }
            if (part instanceof LastHttpContent) {
                sent.remove().run();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!closing && !sent.isEmpty()) {
                members.iterator().next().arrivals.wrong("the mailbox was cut");
            }
        }
    }

    @Override
    public void close() {
        closing = true;
        thread.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
