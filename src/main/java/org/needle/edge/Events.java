package org.needle.edge;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Content;

/** The URL {@code /events}: subscriptions on any transport, and messages by POST. */
final class Events {
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
        Join join = Join.of(asked.request(), asked.query(), edge.settings);
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
        boolean stays = join.claim().session() != null || join.claim().receipts();
        Session session = stays ? edge.sessions.enter(join.claim()) : edge.sessions.passing();
        new PollSubscriber(edge, join, session, asked.answers()).open();
    }

    private void stream(Asked asked, Join join) {
        Session session = edge.sessions.enter(join.claim());
        ChannelHandlerContext context = asked.context();
        boolean chunked =
                asked.request().protocolVersion().equals(HttpVersion.HTTP_1_1) && !Http2.isStream(context.channel());
        Wrap wrap = chunked ? Wrap.CHUNK : Wrap.PLAIN;
        StreamHead head = new StreamHead("200 OK")
                .with("Content-Type", join.transport() == Transport.SSE ? Accept.SSE : Accept.STREAM)
                .with("Cache-Control", "no-cache, no-store, no-transform")
                .with("Content-Encoding", "identity")
                .with("X-Accel-Buffering", "no")
                .with("X-Content-Type-Options", "nosniff")
                .with("Connection", "close");
        if (chunked) {
            head.with("Transfer-Encoding", "chunked");
        }
        HttpPipeline.shed(context.pipeline());
        StreamSubscriber subscriber =
                new StreamSubscriber(edge, join, new StreamSubscriber.Opening(session, context.channel(), wrap));
        context.pipeline().addLast(subscriber);
        subscriber.open(head);
    }

    private void webSocket(Asked asked, Join join) {
        if (!asked.request().headers().contains(HttpHeaderNames.UPGRADE)) {
            edge.counters.strippedUpgrades.increment();
            asked.answers()
                    .upgradeRequired(
                            "the request for a WebSocket arrived without Upgrade: something on the way took it");
            return;
        }
        StreamHead head = Upgrade.check(asked.request(), asked.answers());
        if (head == null) {
            return;
        }
        Session session = join.awaitsOpen() ? null : edge.sessions.enter(join.claim());
        ChannelHandlerContext context = asked.context();
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
        String name = query.get("topic");
        if (name == null || query.all("topic").size() > 1) {
            throw new Refusal(400, "a message goes to one topic: POST to /events?topic=NAME");
        }
        Destination destination = Destination.of(edge, name, Transport.POLL);
        Content content = content(asked);
        String id = id(asked.request());
        destination
                .send(content, id, new ClientMessage.Sender(session(query), Transport.POLL, null))
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

    /** The session that the message claims to be of, if it knows its secret; else none. */
    private String session(Query query) {
        String id = query.get("session");
        Session session = id == null ? null : edge.sessions.find(id);
        if (session == null) {
            return "";
        }
        return edge.sessions
                .enter(new Join.Claim(id, query.get("resume"), false))
                .id();
    }
}
