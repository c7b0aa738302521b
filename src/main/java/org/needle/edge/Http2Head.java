package org.needle.edge;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import java.util.Map;

/**
 * The first handler of an HTTP/2 stream: resets it if its pseudo-headers are not what they must be (RFC 9113, 8.1, 8.3), and
 * takes the extended CONNECT that begins a WebSocket (RFC 8441, 4). That is from here on the GET with {@code Upgrade} that it
 * would have been over HTTP/1.1; in HTTP/2 no client can send this header itself. Event loop only.
 */
final class Http2Head extends ChannelInboundHandlerAdapter {
    private boolean begun;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof Http2HeadersFrame frame)) {
            context.fireChannelRead(message);
            return;
        }
        Http2Headers headers = frame.headers();
        boolean proper = begun ? frame.isEndStream() && isWithoutPseudo(headers) : isComplete(headers);
        if (!proper) {
            context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.PROTOCOL_ERROR))
                    .addListener(ChannelFutureListener.CLOSE);
        } else if (!begun && isWebSocket(headers)) {
            context.fireChannelRead(request(headers));
        } else {
            headers.remove(HttpHeaderNames.UPGRADE);
            context.fireChannelRead(message);
        }
        begun = true;
    }

    private static boolean isWithoutPseudo(Http2Headers trailers) {
        return trailers.names().stream().noneMatch(Http2Headers.PseudoHeaderName::hasPseudoHeaderFormat);
    }

    private static boolean isComplete(Http2Headers headers) {
        boolean tunnel = headers.method() != null
                && HttpMethod.CONNECT.name().contentEquals(headers.method())
                && !isExtended(headers);
        boolean target = headers.scheme() != null
                && headers.path() != null
                && !headers.path().isEmpty();
        return headers.method() != null && (tunnel ? headers.authority() != null : target);
    }

    private static boolean isExtended(Http2Headers headers) {
        return headers.contains(Http2Headers.PseudoHeaderName.PROTOCOL.value());
    }

    private static boolean isWebSocket(Http2Headers headers) {
        CharSequence protocol = headers.get(Http2Headers.PseudoHeaderName.PROTOCOL.value());
        return protocol != null
                && headers.authority() != null
                && HttpMethod.CONNECT.name().contentEquals(headers.method())
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
