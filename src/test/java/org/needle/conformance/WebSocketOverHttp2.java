package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets as streams of an HTTP/2 connection (RFC 8441), spoken by hand. */
class WebSocketOverHttp2 {
    @TempDir
    Path folder;

    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final BlockingQueue<Http2SettingsFrame> settings = new LinkedBlockingQueue<>();
    private OpenEdge edge;
    private Channel connection;

    @BeforeEach
    void connect() throws Exception {
        edge = OpenEdge.start(plan -> plan.tls(new TestKeys(folder).keys()));
        SslContext tls = SslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2))
                .build();
        connection = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Http2FrameCodec codec =
                                Http2FrameCodecBuilder.forClient().build();
                        channel.pipeline()
                                .addLast(tls.newHandler(channel.alloc()))
                                .addLast(codec)
                                .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()))
                                .addLast(new ChannelInboundHandlerAdapter() {
                                    @Override
                                    public void channelRead(ChannelHandlerContext context, Object frame) {
                                        if (frame instanceof Http2SettingsFrame theirs) {
                                            widen(codec);
                                            settings.add(theirs);
                                        }
                                    }
                                });
                    }
                })
                .connect("127.0.0.1", edge.tlsPort())
                .sync()
                .channel();
    }

    /** As browsers do: a stream that is not read fills its own window and not the connection's. */
    private static void widen(Http2FrameCodec codec) {
        try {
            codec.connection()
                    .local()
                    .flowController()
                    .incrementWindowSize(codec.connection().connectionStream(), 10 << 20);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void stop() {
        connection.close().awaitUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        edge.close();
    }

    /** One stream: what came, with {@code (end)} for its end. */
    private final class Spoken {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        final Http2StreamChannel stream;

        Spoken(Http2Headers head) throws Exception {
            stream = new Http2StreamChannelBootstrap(connection)
                    .handler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext context, Object frame) {
                            if (frame instanceof Http2HeadersFrame answer) {
                                heard.add(answer.headers().status().toString());
                            } else if (frame instanceof Http2DataFrame data) {
                                heard(data);
                                data.release();
                            }
                        }
                    })
                    .open()
                    .get(20, TimeUnit.SECONDS);
            boolean whole = !"CONNECT".contentEquals(head.method());
            stream.writeAndFlush(new DefaultHttp2HeadersFrame(head, whole)).sync();
        }

        private void heard(Http2DataFrame data) {
            ByteBuf bytes = data.content();
            if (bytes.isReadable()) {
                heard.add(bytes.toString(StandardCharsets.UTF_8));
            }
            if (data.isEndStream()) {
                heard.add("(end)");
            }
        }

        String next() throws InterruptedException {
            return String.valueOf(heard.poll(20, TimeUnit.SECONDS));
        }

        String nextWith(String part) throws InterruptedException {
            String next = next();
            while (!next.contains(part) && !next.equals("null")) {
                next = next();
            }
            return next;
        }

        void say(String text) throws Exception {
            EmbeddedChannel masked = new EmbeddedChannel(new WebSocket13FrameEncoder(true));
            masked.writeOutbound(new TextWebSocketFrame(text));
            ByteBuf all = Unpooled.buffer();
            for (ByteBuf part = masked.readOutbound(); part != null; part = masked.readOutbound()) {
                all.writeBytes(ByteBufUtil.getBytes(part));
                part.release();
            }
            masked.finishAndReleaseAll();
            stream.writeAndFlush(new DefaultHttp2DataFrame(all)).sync();
        }
    }

    private Http2Headers head(String path) {
        return new DefaultHttp2Headers(false)
                .method("CONNECT")
                .set(":protocol", "websocket")
                .scheme("https")
                .authority("127.0.0.1:" + edge.tlsPort())
                .path(path)
                .set("sec-websocket-version", "13")
                .set("sec-websocket-protocol", "needle.v1");
    }

    @Test
    void isOfferedInTheSettings() throws Exception {
        Http2SettingsFrame theirs = settings.poll(20, TimeUnit.SECONDS);
        assertThat(theirs).isNotNull();
        assertThat(theirs.settings().connectProtocolEnabled()).isTrue();
        assertThat(theirs.settings().maxConcurrentStreams()).isEqualTo(256);
    }

    @Test
    void speaksLikeOneOfItsOwn() throws Exception {
        Spoken socket = new Spoken(head("/events?topic=t"));
        assertThat(socket.next()).isEqualTo("200");
        assertThat(socket.next()).contains("\"hello\"");
        edge.publish("t", "over a stream");
        assertThat(socket.nextWith("data")).contains("over a stream");
        socket.say("{\"control\":\"echo\",\"nonce\":\"n1\"}");
        assertThat(socket.nextWith("echo")).contains("n1");
    }

    @Test
    void sharesItsConnectionWithStreams() throws Exception {
        Spoken socket = new Spoken(head("/events?topic=t"));
        Spoken stream = new Spoken(new DefaultHttp2Headers(false)
                .method("GET")
                .scheme("https")
                .authority("127.0.0.1")
                .path("/events?topic=t"));
        assertThat(socket.nextWith("hello")).contains("hello");
        assertThat(stream.nextWith("hello")).contains("hello");
        edge.publish("t", "both");
        assertThat(socket.nextWith("both")).contains("both");
        assertThat(stream.nextWith("both")).contains("both");
        assertThat(edge.meter("needle.connections")).isEqualTo(1);
    }

    @Test
    void endsItsStreamAndNotTheConnection() throws Exception {
        Spoken socket = new Spoken(head("/events?topic=t&open=frame"));
        assertThat(socket.next()).isEqualTo("200");
        socket.say("nonsense");
        assertThat(socket.nextWith("(end)")).isEqualTo("(end)");
        Spoken other = new Spoken(head("/events?topic=t"));
        assertThat(other.nextWith("hello")).contains("hello");
    }

    @Test
    void isAnsweredWhenItIsNotRight() throws Exception {
        Spoken old = new Spoken(head("/events?topic=t").set("sec-websocket-version", "8"));
        assertThat(old.next()).isEqualTo("426");
        Spoken noTopic = new Spoken(head("/events"));
        assertThat(noTopic.next()).isEqualTo("400");
        Spoken tunnel =
                new Spoken(new DefaultHttp2Headers(false).method("CONNECT").authority("example.org:443"));
        assertThat(tunnel.next()).isIn("400", "null");
    }

    @Test
    void doesNotSlowOthersWhenItIsNotRead() throws Exception {
        Spoken stalled = new Spoken(head("/events?topic=big"));
        assertThat(stalled.nextWith("hello")).contains("hello");
        stalled.stream.config().setAutoRead(false);
        Spoken reader = new Spoken(head("/events?topic=small"));
        assertThat(reader.nextWith("hello")).contains("hello");
        String big = "x".repeat(100_000);
        for (int i = 0; i < 50; i++) {
            edge.publish("big", big);
        }
        for (int i = 0; i < 100; i++) {
            edge.publish("small", "number " + i);
            assertThat(reader.nextWith("number")).contains("number " + i);
        }
        stalled.stream.close().sync(); // what it has not read is released
    }
}
