package org.needle.lab;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.HttpConversionUtil.ExtensionHeaderNames;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** One end of a {@link Line}: makes pieces of what arrives. Owned by the line's event loop. */
final class Side extends ChannelInboundHandlerAdapter {
    private final Line line;
    private final boolean isClient;
    private @Nullable HttpMessage current;
    private boolean interim;
    private boolean reading;
    private long at;

    private Side(Line line, boolean isClient) {
        this.line = line;
        this.isClient = isClient;
    }

    static Side client(Line line) {
        return new Side(line, true);
    }

    static Side server(Line line) {
        return new Side(line, false);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!reading) {
            reading = true;
            at = Network.now();
        }
        if (message instanceof ByteBuf bytes) {
            pass(new Piece.Raw(bytes, at));
        } else if (message instanceof HttpObject object
                && object.decoderResult().isSuccess()) {
            takeHead(object);
            takeContent(object);
        } else {
            ReferenceCountUtil.release(message);
            line.end(Ending.RESET);
        }
    }

    private void takeHead(HttpObject object) {
        if (object instanceof HttpRequest request) {
            HttpRequest head = plain(request);
            current = head;
            pass(new Piece.Ask(head, at));
        } else if (object instanceof HttpResponse response) {
            int status = response.status().code();
            interim = status < 200 && !response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
            current = response;
            HttpRequest to = line.asked();
            if (interim) {
                line.interim(response);
            } else if (to != null) {
                pass(new Piece.Answer(to, response, at));
            } else {
                line.end(Ending.RESET); // nobody has asked
            }
        }
    }

    private void takeContent(HttpObject object) {
        if (!(object instanceof HttpContent content)) {
            return;
        }
        HttpMessage of = current;
        if (of == null || interim || !content.content().isReadable()) {
            content.release();
        } else {
            pass(new Piece.Body(of, content.content(), at));
        }
        if (object instanceof LastHttpContent && of != null && !interim) {
            pass(new Piece.End(of, at));
        }
    }

    /** A whole request becomes a head and what follows; HTTP/2's own marks go. */
    private static HttpRequest plain(HttpRequest request) {
        for (ExtensionHeaderNames mark : ExtensionHeaderNames.values()) {
            request.headers().remove(mark.text());
        }
        return request instanceof FullHttpRequest
                ? new DefaultHttpRequest(request.protocolVersion(), request.method(), request.uri(), request.headers())
                : request;
    }

    private void pass(Piece piece) {
        if (isClient) {
            line.fromClient(piece);
        } else {
            line.fromServer(piece);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        line.applyReading();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        line.closed(isClient);
    }

    /** A reset, or a peer that does not speak what it should: the close that follows says all that a fault needs to know. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
