package org.needle.lab;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;

/** What travels on a {@link Line}, with the time of its arrival in ns; whoever does not pass it on releases it. */
public sealed interface Piece {

    /** When it arrived; a fault that delays it says when it would have arrived behind the fault. */
    long at();

    /** The same, arrived at another time. */
    Piece at(long nanos);

    /** What is written to the side that it goes to. */
    Object message();

    /** How many bytes it holds. */
    default int size() {
        return 0;
    }

    default void release() {}

    /** The head of a request. */
    record Ask(HttpRequest head, long at) implements Piece {
        @Override
        public Ask at(long nanos) {
            return new Ask(head, nanos);
        }

        @Override
        public Object message() {
            return head;
        }

        boolean wantsUpgrade() {
            return head.headers().contains(HttpHeaderNames.UPGRADE);
        }
    }

    /** The head of a response, and the request that it answers. */
    record Answer(HttpRequest to, HttpResponse head, long at) implements Piece {
        @Override
        public Answer at(long nanos) {
            return new Answer(to, head, nanos);
        }

        @Override
        public Object message() {
            return head;
        }

        boolean isUpgrade() {
            return head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
        }

        /** Whether its body tells its length only by its end. */
        boolean isStream() {
            int status = head.status().code();
            boolean none = status < 200 || status == 204 || status == 304;
            return !none && !HttpUtil.isContentLengthSet(head);
        }
    }

    /** Some of the body of a request or response. */
    record Body(HttpMessage of, ByteBuf bytes, long at) implements Piece {
        @Override
        public Body at(long nanos) {
            return new Body(of, bytes, nanos);
        }

        @Override
        public Object message() {
            return new DefaultHttpContent(bytes);
        }

        @Override
        public int size() {
            return bytes.readableBytes();
        }

        @Override
        public void release() {
            bytes.release();
        }
    }

    /** The request or response is complete. */
    record End(HttpMessage of, long at) implements Piece {
        @Override
        public End at(long nanos) {
            return new End(of, nanos);
        }

        @Override
        public Object message() {
            return LastHttpContent.EMPTY_LAST_CONTENT;
        }
    }

    /** Bytes that are not HTTP: behind an upgrade, in a tunnel, or somebody else's TLS. */
    record Raw(ByteBuf bytes, long at) implements Piece {
        @Override
        public Raw at(long nanos) {
            return new Raw(bytes, nanos);
        }

        @Override
        public Object message() {
            return bytes;
        }

        @Override
        public int size() {
            return bytes.readableBytes();
        }

        @Override
        public void release() {
            bytes.release();
        }
    }

    /** The side that it comes from has closed its connection. */
    record Gone(long at) implements Piece {
        @Override
        public Gone at(long nanos) {
            return new Gone(nanos);
        }

        @Override
        public Object message() {
            return Unpooled.EMPTY_BUFFER;
        }
    }

    /** Makes the response one that ends with its connection. */
    static void endWithConnection(HttpResponse head) {
        head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        head.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
    }
}
