package org.needle.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Content;

/** The URL {@code /events}: subscriptions on any transport, and messages by POST. */
final class Events {
    private static final String STREAM_HEAD =
            """
            Cache-Control: no-cache, no-store, no-transform\r
            Content-Encoding: identity\r
            X-Accel-Buffering: no\r
            X-Content-Type-Options: nosniff\r
            Connection: close\r
            """;

    private final EdgeContext edge;

    Events(EdgeContext edge) {
        this.edge = edge;
    }

    /** One request for {@code /events}, and the means to answer it. */
    record Asked(ChannelHandlerContext context, FullHttpRequest request, Query query, Answers answers) {}

    /** @throws Refusal if the client is to be told no */
    void take(Asked asked) {
        HttpMethod method = asked.request().method();
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.POST)) {
            asked.answers().notAllowed("GET, POST");
        } else if (Join.isSubscription(asked.request(), asked.query())) {
            subscribe(asked);
        } else {
            message(asked);
        }
    }

    private void subscribe(Asked asked) {
        Join join = edge.doors.admit(Join.of(asked.request(), asked.query(), edge.settings));
        if (edge.draining || edge.isFull()) {
            turnAway(asked, join);
            return;
        }
        switch (join.transport()) {
            case SSE, STREAM -> stream(asked, join);
            case POLL -> poll(asked, join);
            case WEBSOCKET -> webSocket(asked, join);
        }
    }

    /** A browser's EventSource never comes back after a refusal, so it is sent away with a stream that ends. */
    private void turnAway(Asked asked, Join join) {
        String reason = edge.draining ? "drain" : "full";
        if (join.transport() != Transport.SSE || !asked.request().method().equals(HttpMethod.GET)) {
            throw new Refusal(503, edge.draining ? "the gateway is stopping" : "no more subscribers at the moment");
        }
        String position = join.position() == null ? edge.hub.head().toString() : join.position();
        asked.answers().bye(reason, position, join.style());
    }

    private void poll(Asked asked, Join join) {
        boolean stays = join.claim().session() != null
                || join.claim().receipts()
                || join.pass().ticket() != null;
        Session session = stays ? edge.doors.enter(join) : edge.sessions.passing();
        new PollSubscriber(edge, join, session, asked.answers()).open();
    }

    private void stream(Asked asked, Join join) {
        Session session = edge.doors.enter(join);
        Wrap wrap = asked.request().protocolVersion().equals(HttpVersion.HTTP_1_0) ? Wrap.PLAIN : Wrap.CHUNK;
        String type = join.transport() == Transport.SSE ? Accept.SSE : Accept.STREAM;
        String head = "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n" + STREAM_HEAD
                + (wrap == Wrap.CHUNK ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
        ChannelHandlerContext context = asked.context();
        HttpPipeline.shed(context.pipeline());
        StreamSubscriber subscriber =
                new StreamSubscriber(edge, join, new StreamSubscriber.Opening(session, context.channel(), wrap));
        context.pipeline().addLast(subscriber);
        subscriber.open(ascii(head, context));
    }

    private void webSocket(Asked asked, Join join) {
        if (!asked.request().headers().contains(HttpHeaderNames.UPGRADE)) {
            edge.counters.strippedUpgrades.increment();
            asked.answers()
                    .upgradeRequired(
                            "the request for a WebSocket arrived without Upgrade: something on the way took it");
            return;
        }
        String accept = Upgrade.check(asked.request(), asked.answers());
        if (accept == null) {
            return;
        }
        Session session = join.awaitsOpen() ? null : edge.doors.enter(join);
        ChannelHandlerContext context = asked.context();
        ByteBuf head = ascii(accept, context);
        HttpPipeline.shed(context.pipeline());
        Upgrade.install(context.pipeline(), edge.settings);
        WsClient client = new WsClient(edge);
        context.pipeline().addLast(new WsInbound(client));
        if (session == null) {
            client.await(context.channel(), join, head);
        } else {
            client.open(context.channel(), join, session, head);
        }
    }

    private void message(Asked asked) {
        Query query = asked.query();
        Join.Claim claim = Join.claim(asked.request(), query);
        Pass pass = edge.doors.pass(claim);
        String name = query.get("topic");
        if (name == null || query.all("topic").size() > 1) {
            throw new Refusal(400, "a message goes to one topic: POST to /events?topic=NAME");
        }
        Destination destination = Destination.of(edge, name, Transport.POLL, pass.grant());
        Content content = content(asked);
        String id = id(asked.request());
        String session = session(claim, pass);
        destination
                .send(
                        content,
                        id,
                        new ClientMessage.Sender(
                                session, Transport.POLL, pass.grant().subject()))
                .whenComplete((done, failure) ->
                        asked.context().executor().execute(() -> answer(asked.answers(), id, failure)));
    }

    private static void answer(Answers answers, String id, @Nullable Throwable failure) {
        if (failure == null) {
            answers.json(202, "{\"id\":\"" + id + "\"}");
        } else {
            answers.problem(500, Destination.FAILED);
        }
    }

    private static Content content(Asked asked) {
        byte[] body = ByteBufUtil.getBytes(asked.request().content());
        String type = asked.request().headers().get(HttpHeaderNames.CONTENT_TYPE, "");
        try {
            return type.startsWith("application/octet-stream")
                    ? new Content(asked.query().get("event"), body, false)
                    : Content.of(asked.query().get("event"), body);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, String.valueOf(e.getMessage()));
        }
    }

    private String id(FullHttpRequest request) {
        String key = request.headers().get("Idempotency-Key");
        if (key == null) {
            return edge.sessions.nonce();
        }
        if (!MessageId.isValid(key)) {
            throw new Refusal(400, MessageId.RULE);
        }
        return key;
    }

    /** The session that the message claims to be of, if it may; else none. A ticket is spent. */
    private String session(Join.Claim claim, Pass pass) {
        edge.doors.spend(pass);
        boolean known = claim.session() != null && edge.sessions.find(claim.session()) != null;
        return known ? edge.sessions.enter(claim, pass.grant()).id() : "";
    }

    private static ByteBuf ascii(String text, ChannelHandlerContext context) {
        return context.alloc().directBuffer(text.length()).writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
