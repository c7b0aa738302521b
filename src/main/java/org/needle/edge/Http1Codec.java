package org.needle.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * Netty's HTTP/1 codec, and the rules that it does not know: a header line that is folded (RFC 9112, 5.2) and whatever
 * {@link RequestRules} finds make the request malformed. Two parties that read such a request differently are how requests are
 * smuggled past a proxy. Owned by the event loop.
 */
final class Http1Codec extends CombinedChannelDuplexHandler<HttpRequestDecoder, HttpResponseEncoder> {
    /** For each request that is not yet answered, whether it was HEAD and its answer has no body. */
    private final Queue<Boolean> heads = new ArrayDeque<>(2);

    Http1Codec(HttpDecoderConfig config) {
        init(new Decoder(config), new Encoder());
    }

    private final class Decoder extends HttpRequestDecoder {
        private boolean inBody;
        private boolean folded;
        private byte last;

        Decoder(HttpDecoderConfig config) {
            super(config);
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
            int from = in.readerIndex();
            int known = out.size();
            boolean head = !inBody;
            super.decode(context, in, out);
            if (head) {
                scan(in, from, in.readerIndex());
            }
            for (int i = known; i < out.size(); i++) {
                note(out.get(i));
            }
        }

        /** Looks for a line that begins with white space among the bytes of a head. */
        private void scan(ByteBuf in, int from, int to) {
            for (int i = from; i < to; i++) {
                byte next = in.getByte(i);
                folded |= last == '\n' && (next == ' ' || next == '\t');
                last = next;
            }
        }

        private void note(Object decoded) {
            if (decoded instanceof HttpRequest request) {
                inBody = true;
                heads.add(request.method().equals(HttpMethod.HEAD));
                String wrong = folded ? "folded header" : RequestRules.broken(request);
                if (!wrong.isEmpty() && request.decoderResult().isSuccess()) {
                    request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(wrong)));
                }
                folded = false;
            }
            if (decoded instanceof LastHttpContent) {
                inBody = false;
                last = 0;
            }
        }
    }

    private final class Encoder extends HttpResponseEncoder {
        @Override
        protected boolean isContentAlwaysEmpty(HttpResponse response) {
            boolean informational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            Boolean head = informational ? null : heads.poll();
            return (head != null && head) || super.isContentAlwaysEmpty(response);
        }
    }
}
