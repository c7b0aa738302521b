package org.needle.port;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** netty-http answers some errors with a head and nothing after it; here they become whole answers that say what is wrong. */
final class WholeResponses extends ChannelOutboundHandlerAdapter {
    private static final int FIRST_ERROR = 400;

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean bare = message instanceof HttpResponse response
                && message.getClass() == DefaultHttpResponse.class
                && "0".equals(response.headers().get(HttpHeaderNames.CONTENT_LENGTH));
        context.write(bare ? whole((HttpResponse) message) : message, promise);
    }

    private static FullHttpResponse whole(HttpResponse head) {
        int status = head.status().code();
        String json = status < FIRST_ERROR
                ? ""
                : "{\"status\":" + status + ",\"title\":\"" + head.status().reasonPhrase() + "\"}";
        FullHttpResponse whole = new DefaultFullHttpResponse(
                head.protocolVersion(),
                head.status(),
                Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.US_ASCII)));
        whole.headers().set(head.headers()).set(HttpHeaderNames.CONTENT_LENGTH, json.length());
        if (status >= FIRST_ERROR) {
            whole.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json");
        }
        return whole;
    }
}
