package org.needle.lab;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.Http2StreamChannel;
import org.jspecify.annotations.Nullable;

/** The ways in which a connection is closed. */
final class Closing {
    private Closing() {}

    /** Closes once what was written last is out; null: at once. */
    static void after(@Nullable ChannelFuture told, Channel channel) {
        if (told == null) {
            channel.close();
        } else {
            told.addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Not by way of the pipeline, where TLS would say goodbye. */
    static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.unsafe().close(channel.unsafe().voidPromise());
        }
    }

    /** The connection that a stream of HTTP/2 is part of, or itself. */
    static Channel tcp(Channel channel) {
        return channel instanceof Http2StreamChannel stream ? stream.parent() : channel;
    }
}
