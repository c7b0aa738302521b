package org.needle.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * The receiving side of a WebSocket, for subscribers and plain sockets alike: answers pings and closes, hands on messages. A
 * client that does not read its answers is not read from either.
 */
final class WsInbound extends SimpleChannelInboundHandler<WebSocketFrame> {
    /** Takes what comes in. Event loop only. */
    interface Receiver {
        /** Anything at all has come. */
        void seen();

        void text(byte[] utf8);

        void binary(byte[] data);

        /** The answer to a ping. */
        default void pong(byte[] payload) {}
    }

    private final Receiver receiver;

    WsInbound(Receiver receiver) {
        this.receiver = receiver;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        receiver.seen();
        if (frame instanceof TextWebSocketFrame) {
            receiver.text(ByteBufUtil.getBytes(frame.content()));
        } else if (frame instanceof BinaryWebSocketFrame) {
            receiver.binary(ByteBufUtil.getBytes(frame.content()));
        } else if (frame instanceof PingWebSocketFrame) {
            context.writeAndFlush(
                    WsFrames.frame(WsFrames.PONG, ByteBufUtil.getBytes(frame.content()), context.alloc()),
                    context.voidPromise());
        } else if (frame instanceof PongWebSocketFrame) {
            receiver.pong(ByteBufUtil.getBytes(frame.content()));
        } else if (frame instanceof CloseWebSocketFrame close) {
            context.writeAndFlush(answer(context, close)).addListener(ChannelFutureListener.CLOSE);
        }
        throttle(context);
    }

    private static ByteBuf answer(ChannelHandlerContext context, CloseWebSocketFrame close) {
        return close.statusCode() < 0
                ? WsFrames.frame(WsFrames.CLOSE, new byte[0], context.alloc())
                : WsFrames.close(close.statusCode(), "", context.alloc());
    }

    private static void throttle(ChannelHandlerContext context) {
        if (!context.channel().isWritable()) {
            context.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            context.channel().config().setAutoRead(true);
        }
        context.fireChannelWritabilityChanged();
    }

    /** A violation ends the connection with the status that says which (RFC 6455, 7.4.1). */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException corrupted) {
            end(
                    context.channel(),
                    corrupted.closeStatus().code(),
                    corrupted.closeStatus().reasonText());
        } else if (cause instanceof TooLongFrameException) {
            end(context.channel(), WsFrames.TOO_BIG, "message too big");
        } else {
            Failures.close(context, cause);
        }
    }

    /** Says why and ends the connection, without waiting for the peer's close. */
    static void end(Channel channel, int code, String reason) {
        channel.writeAndFlush(WsFrames.close(code, reason, channel.alloc())).addListener(ChannelFutureListener.CLOSE);
    }
}
