package org.needle.edge;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The opening handshake of a WebSocket: over HTTP/1.1 (RFC 6455, 4.2), and over HTTP/2, which needs less (RFC 8441, 5). */
final class Upgrade {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String SUBPROTOCOL = "needle.v1";
    private static final int KEY_BYTES = 16;

    private Upgrade() {}

    /** The head of the answer, or null if the request was not right and has been answered. */
    static @Nullable StreamHead check(FullHttpRequest request, Answers answers) {
        HttpHeaders headers = request.headers();
        String key = headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (!headers.containsValue(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13", false)) {
            answers.upgradeRequired("WebSocket version 13 is spoken here");
            return null;
        }
        StreamHead head = new StreamHead("101 Switching Protocols");
        if (headers.containsValue(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL, false)) {
            head.with("Sec-WebSocket-Protocol", SUBPROTOCOL);
        }
        if (Http2.isStream(answers.channel())) {
            return head;
        }
        boolean proper = request.method().equals(HttpMethod.GET)
                && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && headers.containsValue(HttpHeaderNames.UPGRADE, "websocket", true)
                && headers.containsValue(HttpHeaderNames.CONNECTION, "upgrade", true)
                && isKey(key);
        if (key == null || !proper) {
            answers.problem(400, "not a WebSocket handshake: Upgrade, Connection or Sec-WebSocket-Key is wrong");
            return null;
        }
        return head.with("Upgrade", "websocket")
                .with("Connection", "Upgrade")
                .with("Sec-WebSocket-Accept", accept(key));
    }

    /** Violations are answered by {@link WsInbound}: what is written goes out as bytes, so there is no encoder. */
    static void install(ChannelPipeline pipeline, EdgeSettings settings) {
        int most = settings.limits().frame();
        pipeline.addLast(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .allowExtensions(false)
                .allowMaskMismatch(false)
                .maxFramePayloadLength(most)
                .closeOnProtocolViolation(false)
                .withUTF8Validator(false)
                .build()));
        pipeline.addLast(new Utf8FrameValidator(false));
        pipeline.addLast(new WebSocketFrameAggregator(most));
    }

    private static boolean isKey(@Nullable String key) {
        try {
            return key != null && Base64.getDecoder().decode(key.trim()).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String accept(String key) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1").digest((key.trim() + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
