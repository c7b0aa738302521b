package org.needle.edge;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import org.needle.wire.Control;
import org.needle.wire.Json;
import org.needle.wire.Style;
import org.needle.wire.Wire;

/** Writes the answer to one request that is not a stream. Event loop only. */
final class Answers {
    private static final int PREFLIGHT_SECONDS = 600;
    private static final byte[] NOTHING = {};

    private final EdgeContext edge;
    private final ChannelHandlerContext context;
    private final boolean keepAlive;
    private final boolean http10;
    private final Cors cors;

    Answers(EdgeContext edge, ChannelHandlerContext context, HttpRequest request) {
        this.edge = edge;
        this.context = context;
        this.keepAlive = HttpUtil.isKeepAlive(request) && !edge.draining;
        this.cors = Cors.of(edge, context.channel(), request);
        this.http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }

    Cors cors() {
        return cors;
    }

    Channel channel() {
        return context.channel();
    }

    /** @param title what is wrong and what to do, for a human; holds nothing of the request */
    void problem(int status, String title) {
        FullHttpResponse response = refusal(status, title);
        if (status == HttpResponseStatus.UNAUTHORIZED.code()) {
            response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        if (status == HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE.code()) {
            response.headers().set(HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.IDENTITY);
        }
        if (status == HttpResponseStatus.SERVICE_UNAVAILABLE.code()
                || status == HttpResponseStatus.TOO_MANY_REQUESTS.code()) {
            response.headers().set(HttpHeaderNames.RETRY_AFTER, Math.max(1, edge.retryAfter() / 1000));
        }
        send(response);
    }

    void notAllowed(String allowed) {
        FullHttpResponse response = refusal(405, "use " + allowed);
        response.headers().set(HttpHeaderNames.ALLOW, allowed);
        send(response);
    }

    /** A WebSocket was wanted and the request for it has lost its {@code Upgrade} on the way, or has another version. */
    void upgradeRequired(String title) {
        FullHttpResponse response = refusal(426, title);
        response.headers()
                .set(HttpHeaderNames.UPGRADE, "websocket")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
        send(response);
    }

    private FullHttpResponse refusal(int status, String title) {
        edge.counters.refused.increment();
        FullHttpResponse response = response(status, Json.problem(status, title).getBytes(StandardCharsets.UTF_8));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpErrors.PROBLEM);
        return response;
    }

    void json(int status, String json) {
        FullHttpResponse response = response(status, json.getBytes(StandardCharsets.UTF_8));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
        send(response);
    }

    /** What a page from elsewhere may do, told before it does it. */
    void preflight() {
        preflight("GET, HEAD, POST", "Authorization, Content-Type, Last-Event-ID, Idempotency-Key");
    }

    void preflight(String methods, String headers) {
        FullHttpResponse response = response(HttpResponseStatus.NO_CONTENT.code(), NOTHING);
        response.headers()
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, methods)
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, headers)
                .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS);
        send(response);
    }

    /** As {@link #json}, and the browser keeps {@code cookie} unless that is empty. */
    void json(String json, String cookie) {
        FullHttpResponse response = response(200, json.getBytes(StandardCharsets.UTF_8));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
        if (!cookie.isEmpty()) {
            response.headers().set(HttpHeaderNames.SET_COOKIE, cookie);
        }
        send(response);
    }

    void noContent() {
        send(response(HttpResponseStatus.NO_CONTENT.code(), NOTHING));
    }

    void poll(byte[] array, String position) {
        FullHttpResponse response = response(200, array);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json").set("Needle-Position", position);
        send(response);
    }

    /** A stream that says goodbye and ends, for those that must come back by themselves. */
    void bye(String reason, String position, Style style) {
        edge.counters.refused.increment();
        FullHttpResponse response =
                response(200, Wire.control(new Control.Bye(reason, edge.retryAfter()), position, style));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, Accept.SSE).set("X-Accel-Buffering", "no");
        send(response);
    }

    /** A page as {@code request} takes it: compressed if it can be, and not at all if the client has it. */
    void page(Pages.Page page, HttpRequest request) {
        boolean known = page.isKnown(request);
        boolean packs = !known && page.packs(request);
        FullHttpResponse response = response(known ? 304 : 200, known ? NOTHING : packs ? page.gzip() : page.body());
        response.headers()
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache") // kept, but asked about each time
                .set(HttpHeaderNames.ETAG, page.tag())
                .set(HttpHeaderNames.VARY, "Origin, Accept-Encoding");
        if (!known) {
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, page.type())
                    .set("Content-Security-Policy", Pages.POLICY)
                    .set("Referrer-Policy", "no-referrer");
        }
        if (packs) {
            response.headers().set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP);
        }
        send(response);
    }

    private FullHttpResponse response(int status, byte[] body) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
        response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store").set("X-Content-Type-Options", "nosniff");
        cors.write(response.headers());
        if (status != HttpResponseStatus.NO_CONTENT.code() && status != HttpResponseStatus.NOT_MODIFIED.code()) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        return response;
    }

    private void send(FullHttpResponse response) {
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (http10) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        ChannelFuture sent = context.writeAndFlush(response);
        if (!keepAlive) {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
    }
}
