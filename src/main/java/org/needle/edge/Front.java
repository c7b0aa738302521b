package org.needle.edge;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.needle.hub.SystemClock;
import org.needle.wire.Json;

/** Dispatches each request by its path: the edge's own paths here, plain WebSockets, and all others to Camel's routes. */
@ChannelHandler.Sharable
final class Front extends ChannelInboundHandlerAdapter {
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9._~-]{0,64}");
    private static final Set<String> OWN = Set.of("/events", "/receipts", "/info", "/tickets");
    private static final Set<String> SECRETS = Set.of("authorization", "cookie", "proxy-authorization");

    private final EdgeContext edge;
    private final Events events;
    private final Receipts receipts;
    private final TicketOffice tickets;
    private final ForwardPath forwards;

    Front(EdgeContext edge) {
        this.edge = edge;
        this.events = new Events(edge);
        this.receipts = new Receipts(edge);
        this.tickets = new TicketOffice(edge);
        this.forwards = new ForwardPath(edge);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof FullHttpRequest request)) {
            ReferenceCountUtil.release(message); // the rest of a request that has been refused
            return;
        }
        boolean taken = false;
        try {
            if (request.decoderResult().isFailure()) {
                edge.counters.refused.increment();
                context.writeAndFlush(
                                HttpErrors.malformed(request.decoderResult().cause()))
                        .addListener(ChannelFutureListener.CLOSE);
                return;
            }
            taken = dispatch(context, request);
        } finally {
            if (!taken) {
                ReferenceCountUtil.release(request);
            }
        }
    }

    /** True if the request is somebody else's now. */
    private boolean dispatch(ChannelHandlerContext context, FullHttpRequest request) {
        Answers answers = new Answers(edge, context, request);
        try {
            Query query = new Query(request.uri());
            boolean forwarded = ForwardTarget.isUnder(request.uri());
            if (forwarded || isOwn(query.path(), request)) {
                if (!forwarded && !answers.cors().admits(request, answers)) {
                    return false;
                }
                if (isEncoded(request)) {
                    throw new Refusal(415, "nothing is decompressed here: send the body without Content-Encoding");
                }
                if (!edge.settings.callers().origins().allows(context.channel(), request)) {
                    request.headers().remove(HttpHeaderNames.COOKIE); // the browser sends it along for anybody's page
                }
            }
            if (forwarded) {
                forwards.take(new Events.Asked(context, request, query, answers));
                return false;
            }
            switch (query.path()) {
                case "/events" -> events.take(new Events.Asked(context, request, query, answers));
                case "/receipts" -> receipts.take(request, query, answers);
                case "/tickets" -> tickets.take(request, query, answers);
                case "/info" -> info(request, query, answers);
                default -> {
                    return other(context, request, query, answers);
                }
            }
        } catch (Refusal refusal) {
            answers.problem(refusal.status(), refusal.title());
        }
        return false;
    }

    /** Whether pages from elsewhere may use the path only if their origin is listed; routes have rules of their own. */
    private boolean isOwn(String path, FullHttpRequest request) {
        return OWN.contains(path)
                || Pages.at(path) != null
                || (request.headers().contains(HttpHeaderNames.UPGRADE) && edge.sockets.has(path));
    }

    /** A small body can unpack to one of any size, so none is unpacked, and what is packed is not taken for what it is not. */
    private static boolean isEncoded(FullHttpRequest request) {
        return request.headers().getAll(HttpHeaderNames.CONTENT_ENCODING).stream()
                .anyMatch(coding -> !HttpHeaderValues.IDENTITY.contentEqualsIgnoreCase(coding.trim()));
    }

    private boolean other(ChannelHandlerContext context, FullHttpRequest request, Query query, Answers answers) {
        Pages.Page page = Pages.at(query.path());
        if (request.headers().contains(HttpHeaderNames.UPGRADE) && edge.sockets.has(query.path())) {
            PlainSocket.open(edge, context, request, answers);
            return false;
        }
        if (page != null) {
            if (isRead(request)) {
                answers.page(page, request);
            } else {
                answers.notAllowed("GET, HEAD");
            }
            return false;
        }
        edge.refuseWhileDraining();
        if (edge.otherPaths.take(context, request)) {
            return true;
        }
        throw new Refusal(404, "nothing is served at this path");
    }

    /**
     * Lets a client see that it talks to a gateway, and what became of its request on the way. One that stops does not say that
     * all is well: whoever is turned away elsewhere meanwhile would take the network for the cause.
     */
    private void info(FullHttpRequest request, Query query, Answers answers) {
        if (!isRead(request)) {
            answers.notAllowed("GET, HEAD");
            return;
        }
        edge.refuseWhileDraining();
        String nonce = query.get("nonce");
        if (nonce != null && !NONCE.matcher(nonce).matches()) {
            throw new Refusal(400, "nonce is up to 64 letters, digits or . _ ~ -");
        }
        String headers = request.headers().names().stream()
                .filter(name -> !(name.contentEquals(HttpHeaderNames.CONTENT_LENGTH)
                        && !request.content().isReadable()))
                .map(name -> shown(name, request.headers().getAll(name)))
                .collect(Collectors.joining(","));
        String transports = Transport.LABELS.stream().map(Json::quoted).collect(Collectors.joining(","));
        answers.json(
                200,
                "{\"nonce\":" + (nonce == null ? "null" : Json.quoted(nonce)) + ",\"time\":" + SystemClock.millis()
                        + ",\"transports\":[" + transports + "],\"heartbeat\":"
                        + edge.settings.timing().heartbeat().toMillis() + ",\"protocol\":"
                        + Json.quoted(request.protocolVersion().text()) + ",\"headers\":{" + headers + "}}");
    }

    /** A header as it arrived, but for the secret ones, of which only the presence is told. */
    private static String shown(String name, List<String> values) {
        String lower = name.toLowerCase(Locale.ROOT);
        return Json.quoted(lower)
                + ':'
                + Json.quoted(SECRETS.contains(lower) ? "(present)" : String.join(", ", values));
    }

    private static boolean isRead(FullHttpRequest request) {
        return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Failures.close(context, cause);
    }
}
