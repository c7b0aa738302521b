package org.needle.edge;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;

/** The handlers that a connection has while it speaks HTTP/1. A connection that becomes a stream sheds them all. */
final class HttpPipeline {
    private static final int CHUNK = 64 << 10;

    private HttpPipeline() {}

    static void install(ChannelPipeline pipeline, EdgeContext edge, Front front) {
        EdgeSettings.Limits limits = edge.settings.limits();
        pipeline.addLast(new Http1Codec(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.url())
                .setMaxHeaderSize(limits.headers())
                .setMaxChunkSize(CHUNK)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true)));
        pipeline.addLast(new RequestGate(edge));
        pipeline.addLast(new BodyLimit(edge));
        pipeline.addLast(front);
    }

    /** Removes all that belongs to HTTP/1, and what routes have added behind it. Called by the front while it has a request. */
    static void shed(ChannelPipeline pipeline) {
        while (pipeline.last() != null) {
            pipeline.removeLast();
        }
    }
}
