package org.needle.edge;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Content;
import org.needle.path.Rung;
import org.needle.path.Verdict;

/** The URL {@code /events}: subscriptions on any transport, and messages by POST. */
final class Events {
    private final EdgeContext edge;

    Events(EdgeContext edge) {
        this.edge = edge;
    }

    /** One request for {@code /events}, and the means to answer it. */
    record Asked(ChannelHandlerContext context, FullHttpRequest request, Query query, Answers answers) {
        /** The client's address. */
        InetAddress from(EdgeContext edge) {
            return edge.settings.callers().proxies().client(context.channel(), request.headers());
        }

        Network network(EdgeContext edge) {
            return Network.of(edge, context.channel(), request);
        }
    }

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
        look(asked);
        Join join = edge.doors.admit(Join.of(asked.request(), asked.query(), edge.settings));
        try {
            if (edge.draining || edge.isFull()) {
                throw new Refusal(503, edge.draining ? "the gateway is stopping" : "no more subscribers at the moment");
            }
            open(asked, join, () -> session(asked, join));
        } catch (Refusal refusal) {
            turnAway(asked, join, refusal);
        }
    }

    /** A browser's EventSource never comes back after a refusal; if it is to, it is sent away with a stream that ends. */
    private void turnAway(Asked asked, Join join, Refusal refusal) {
        boolean later = refusal.status() == 503 || refusal.status() == 429;
        if (!later
                || join.transport() != Transport.SSE
                || !asked.request().method().equals(HttpMethod.GET)) {
            throw refusal;
        }
        String reason = refusal.status() == 429 ? "rate" : edge.draining ? "drain" : "full";
        String position = join.position() == null ? edge.hub.head().toString() : join.position();
        asked.answers().bye(reason, position, join.style());
    }

    private void look(Asked asked) {
        if (asked.request().headers().contains(HttpHeaderNames.VIA)) {
            edge.counters.via.increment();
        }
        if (asked.request().protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            edge.counters.http10.increment();
        }
    }

    /** Begins to follow. {@code session} is asked for once it is known that nothing is wrong with the request. */
    void open(Asked asked, Join join, Supplier<Session> session) {
        switch (join.transport()) {
            case SSE, STREAM -> stream(asked, join, session.get());
            case POLL -> poll(asked, join, session.get());
            case WEBSOCKET -> webSocket(asked, join, session);
        }
    }

    private Session session(Asked asked, Join join) {
        boolean polls = join.transport() == Transport.POLL;
        boolean stays = !polls
                || join.claim().session() != null
                || join.claim().receipts()
                || join.pass().ticket() != null;
        boolean streams = !polls && join.transport() != Transport.WEBSOCKET;
        Session known = streams ? edge.paths.goesOn(join, asked.network(edge)) : null;
        if (known != null) {
            return edge.doors.goOn(join, known);
        }
        return stays ? edge.doors.enter(join, asked.from(edge)) : edge.sessions.passing();
    }

    private void poll(Asked asked, Join join, Session session) {
        Network network = asked.network(edge);
        edge.paths.comes(session, network);
        new PollSubscriber(edge, join, new PollSubscriber.Asking(session, network), asked.answers()).open();
    }

    private void stream(Asked asked, Join join, Session session) {
        Network network = asked.network(edge);
        edge.paths.comes(session, network);
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
        asked.answers().cors().write(head);
        HttpPipeline.shed(context.pipeline());
        StreamSubscriber subscriber = new StreamSubscriber(
                edge, join, new PacedSubscriber.Opening(session, context.channel(), wrap, network));
        context.pipeline().addLast(subscriber);
        subscriber.open(head);
    }

    private void webSocket(Asked asked, Join join, Supplier<Session> entry) {
        if (!asked.request().headers().contains(HttpHeaderNames.UPGRADE)) {
            edge.counters.strippedUpgrades.increment();
            edge.paths.found(asked.network(edge), Rung.WEBSOCKET, Verdict.STRIPPED);
            asked.answers()
                    .upgradeRequired(
                            "the request for a WebSocket arrived without Upgrade: something on the way took it");
            return;
        }
        StreamHead head = Upgrade.check(asked.request(), asked.answers());
        if (head == null) {
            return;
        }
        Session session = join.awaitsOpen() ? null : entry.get();
        ChannelHandlerContext context = asked.context();
        HttpPipeline.shed(context.pipeline());
        Upgrade.install(context.pipeline(), edge.settings);
        WsClient client = new WsClient(edge, asked.from(edge), asked.network(edge));
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
        Session session = session(claim, pass, asked.from(edge));
        boolean granted = session == null
                ? edge.addresses.send(asked.from(edge))
                : session.sends(edge.settings.callers().shares());
        if (!granted) {
            throw new Refusal(429, Destination.TOO_MANY);
        }
        Content content = content(asked);
        String id = id(asked.request());
        destination
                .send(
                        content,
                        id,
                        new ClientMessage.Sender(
                                session == null ? "" : session.id(),
                                Transport.POLL,
                                pass.grant().subject()))
                .whenComplete((done, failure) ->
                        asked.context().executor().execute(() -> answer(asked.answers(), id, failure)));
    }

    private static void answer(Answers answers, String id, @Nullable Throwable failure) {
        if (failure == null) {
            answers.json(202, "{\"id\":\"" + id + "\"}");
        } else {
            Refusal refusal = Destination.failed(failure);
            answers.problem(refusal.status(), refusal.title());
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
    private @Nullable Session session(Join.Claim claim, Pass pass, InetAddress from) {
        edge.doors.spend(pass);
        boolean known = claim.session() != null && edge.sessions.find(claim.session()) != null;
        return known ? edge.sessions.enter(claim, pass.grant(), from) : null;
    }
}
