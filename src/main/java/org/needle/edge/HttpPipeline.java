package org.needle.edge;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslHandler;

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
        serve(pipeline, edge, front);
    }

    /** The handlers behind the codec, of HTTP/1 and of each stream of HTTP/2. */
    static void serve(ChannelPipeline pipeline, EdgeContext edge, Front front) {
        pipeline.addLast(new RequestGate(edge));
        pipeline.addLast(new BodyLimit(edge));
        pipeline.addLast(front);
    }

    /**
     * Removes all that belongs to HTTP, and what routes have added behind it: from here on bytes are read and written. Called
     * by the front while it has a request.
     */
    static void shed(ChannelPipeline pipeline) {
        while (pipeline.last() != null && !(pipeline.last() instanceof SslHandler)) {
            pipeline.removeLast();
        }
        if (Http2.isStream(pipeline.channel())) {
            pipeline.addLast(new Http2Body());
        }
    }
}
