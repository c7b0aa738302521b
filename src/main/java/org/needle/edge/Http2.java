package org.needle.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * A connection that speaks HTTP/2 (RFC 9113): each of its streams is a channel with the same handlers behind it that a
 * connection of HTTP/1 has, on the event loop of the connection.
 */
final class Http2 extends ChannelInboundHandlerAdapter {
    private static final int RESETS = 200;
    private static final int RESET_SECONDS = 30;
    private static final int EMPTY_FRAMES = 8;

    private final EdgeContext edge;
    private final Http2FrameCodec codec;
    private long opened;
    private long openedBefore = -1;

    private Http2(EdgeContext edge, Http2FrameCodec codec) {
        this.edge = edge;
        this.codec = codec;
    }

    static boolean isStream(Channel channel) {
        return channel instanceof Http2StreamChannel;
    }

    static void install(ChannelPipeline pipeline, EdgeContext edge, Front front) {
        EdgeSettings.Limits limits = edge.settings.limits();
        Http2FrameCodec codec = Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(limits.streams())
                        .maxHeaderListSize(limits.headers())
                        .connectProtocolEnabled(true))
                .decoderEnforceMaxRstFramesPerWindow(RESETS, RESET_SECONDS)
                .decoderEnforceMaxConsecutiveEmptyDataFrames(EMPTY_FRAMES)
                .gracefulShutdownTimeoutMillis(edge.settings.timing().drain().toMillis())
                .build();
        Http2 connection = new Http2(edge, codec);
        pipeline.addLast(codec);
        pipeline.addLast(new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                connection.opened++;
                begin(stream, edge, front);
                stream.closeFuture().addListener(closed -> connection.abandon((Http2StreamChannel) stream));
            }
        }));
        pipeline.addLast(connection);
    }

    private static void begin(Channel stream, EdgeContext edge, Front front) {
        stream.config().setWriteBufferWaterMark(new WriteBufferWaterMark(Edge.LOW_WATER, Edge.HIGH_WATER));
        ChannelPipeline pipeline = stream.pipeline();
        pipeline.addLast(new Http2Head());
        pipeline.addLast(new Http2StreamFrameToHttpObjectCodec(true));
        pipeline.addLast(new Http2Request(edge.settings.limits().url()));
        HttpPipeline.serve(pipeline, edge, front);
    }

    /**
     * A closed channel whose last bytes wait for the client's window is done for Netty, which says nothing and keeps them for as long
     * as the connection lives.
     */
    private void abandon(Http2StreamChannel channel) {
        Http2Stream stream = codec.connection().stream(channel.stream().id());
        ChannelHandlerContext context = channel.parent().pipeline().context(codec);
        if (stream != null && context != null && channel.parent().isActive()) {
            codec.resetStream(context, stream.id(), Http2Error.CANCEL.code(), context.newPromise());
            context.flush();
        }
    }

    /** Streams that are open go on; the client opens its next one on another connection (RFC 9113, 6.8). */
    static void leave(Channel connection) {
        connection.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR), connection.voidPromise());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        edge.http2.add(context.channel());
        long idle = edge.settings.timing().idle().toMillis();
        var checks =
                context.executor().scheduleWithFixedDelay(() -> endIfIdle(context), idle, idle, TimeUnit.MILLISECONDS);
        context.channel().closeFuture().addListener(closed -> checks.cancel(false));
        if (edge.draining) {
            leave(context.channel());
        }
    }

    /** No stream is open and none has been since the last time. */
    private void endIfIdle(ChannelHandlerContext context) {
        if (codec.connection().numActiveStreams() == 0 && opened == openedBefore) {
            context.close();
        }
        openedBefore = opened;
    }

    /** Settings, pings and the like, which the codec has dealt with. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        edge.counters.refused.increment();
        Failures.close(context, cause);
    }
}
