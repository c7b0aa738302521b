package org.needle.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.HttpConversionUtil;

/** What {@link Http1Codec} sees to for HTTP/1: a request that breaks the rules goes no further. Event loop only. */
final class Http2Request extends ChannelInboundHandlerAdapter {
    private final int longestUrl;

    Http2Request(int longestUrl) {
        this.longestUrl = longestUrl;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            for (HttpConversionUtil.ExtensionHeaderNames own : HttpConversionUtil.ExtensionHeaderNames.values()) {
                request.headers().remove(own.text());
            }
            String wrong = RequestRules.broken(request);
            if (request.uri().length() > longestUrl) {
                request.setDecoderResult(DecoderResult.failure(new TooLongHttpLineException()));
            } else if (!wrong.isEmpty()) {
                request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(wrong)));
            }
        }
        context.fireChannelRead(message);
    }
}
