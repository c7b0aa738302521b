package org.needle.lab;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a client's connection begins: with TLS of the lab's own, or in the clear with HTTP or something that is none of the lab's business. */
final class Door extends ChannelInitializer<Channel> {
    private static final int STREAMS = 256;

    private final Network network;
    private final @Nullable SslContext tls;

    Door(Network network, @Nullable SslContext tls) {
        this.network = network;
        this.tls = tls;
    }

    @Override
    protected void initChannel(Channel client) {
        network.arrived(client);
        if (tls == null) {
            Line line = network.begin(client);
            client.pipeline().addFirst(new FirstByte(line));
        } else {
            client.pipeline().addLast(tls.newHandler(client.alloc()));
            client.pipeline().addLast(new Chosen());
        }
    }

    /** Looks whether a client speaks HTTP at all. */
    private static final class FirstByte extends ByteToMessageDecoder {
        private static final int TLS_HANDSHAKE = 22;

        private final Line line;

        FirstByte(Line line) {
            this.line = line;
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            if (in.getByte(in.readerIndex()) == TLS_HANDSHAKE) {
                line.becomeRaw();
            } else {
                Network.addServerCodec(context.pipeline(), context.name());
            }
            context.pipeline().remove(this);
        }
    }

    /** What TLS and its ALPN have come to. */
    private final class Chosen extends ApplicationProtocolNegotiationHandler {
        Chosen() {
            super(ApplicationProtocolNames.HTTP_1_1);
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext context, String protocol) {
            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                http2(context.pipeline());
            } else {
                Network.addServerCodec(context.pipeline(), context.name());
                network.begin(context.channel());
            }
        }

        @Override
        protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private void http2(ChannelPipeline pipeline) {
        pipeline.addLast(Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings().maxConcurrentStreams(STREAMS))
                .build());
        pipeline.addLast(new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
                network.begin(stream);
            }
        }));
    }
}
