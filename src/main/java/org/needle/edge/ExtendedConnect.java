package org.needle.edge;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import java.util.Map;

/**
 * A WebSocket over HTTP/2 begins with an extended CONNECT (RFC 8441, 4). From here on it is the GET with {@code Upgrade} that it
 * would have been over HTTP/1.1; in HTTP/2 no client can send that header itself. Event loop only.
 */
final class ExtendedConnect extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2HeadersFrame frame && isWebSocket(frame.headers())) {
            context.fireChannelRead(request(frame.headers()));
        } else {
            if (message instanceof Http2HeadersFrame frame) {
                frame.headers().remove(HttpHeaderNames.UPGRADE);
            }
            context.fireChannelRead(message);
        }
    }

    private static boolean isWebSocket(Http2Headers headers) {
        CharSequence protocol = headers.get(Http2Headers.PseudoHeaderName.PROTOCOL.value());
        return protocol != null
                && headers.path() != null
                && headers.authority() != null
                && "CONNECT".contentEquals(headers.method())
                && "websocket".contentEquals(protocol);
    }

    private static FullHttpRequest request(Http2Headers headers) {
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.GET, headers.path().toString(), Unpooled.EMPTY_BUFFER);
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            if (!Http2Headers.PseudoHeaderName.hasPseudoHeaderFormat(header.getKey())) {
                request.headers().add(header.getKey(), header.getValue());
            }
        }
        request.headers().set(HttpHeaderNames.HOST, headers.authority()).set(HttpHeaderNames.UPGRADE, "websocket");
        return request;
    }
}
