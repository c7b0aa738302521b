package org.needle.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.util.ReferenceCountUtil;

/** Makes of an HTTP/2 stream what a connection of HTTP/1 is to a subscriber: bytes in, bytes out, and an end. Event loop only. */
final class Http2Body extends ChannelDuplexHandler {
    private boolean ended;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof Http2DataFrame data)) {
            ReferenceCountUtil.release(message);
            return;
        }
        boolean last = data.isEndStream();
        context.fireChannelRead(data.content());
        if (last) {
            context.pipeline().close(); // to a WebSocket what FIN is on a connection of its own (RFC 8441, 5)
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message instanceof ByteBuf bytes ? new DefaultHttp2DataFrame(bytes, false) : message, promise);
    }

    /** Ends the stream first: without that the client would see an error. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (!ended && context.channel().isActive()) {
            ended = true;
            context.writeAndFlush(new DefaultHttp2DataFrame(true));
        }
        context.close(promise);
    }
}
