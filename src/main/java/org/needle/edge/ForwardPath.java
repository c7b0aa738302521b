package org.needle.edge;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.needle.access.Grant;
import org.needle.hub.Topic;
import org.needle.hub.TopicFilter;

/** The URLs {@code /proxy/NAME/**}: a new request for an upstream, or somebody who comes back to the answer of one. */
final class ForwardPath {
    private static final Set<String> OWN_HEADERS = Set.of("Authorization", "Content-Type", "Last-Event-ID");

    private final EdgeContext edge;

    ForwardPath(EdgeContext edge) {
        this.edge = edge;
    }

    /** @throws Refusal if the client is to be told no */
    void take(Events.Asked asked) {
        ForwardTarget target = ForwardTarget.of(asked.request().uri());
        if (!isForHere(asked, edge.forwards.find(target.name()))) {
            return;
        }
        Topic topic = Topic.of("proxy/" + target.name());
        Join join = Join.forwarded(asked.request(), asked.query(), edge.settings, TopicFilter.of(topic.name()));
        PrivateTopic known = edge.privates.find(join);
        Pass pass = pass(join, known);
        if (!pass.grant().mayPublish(topic)) {
            throw Doors.forbidden(); // before a name is looked up: the answer must not tell whether there is one
        }
        if (edge.draining || edge.isFull()) {
            throw new Refusal(503, edge.draining ? "the gateway is stopping" : "no more subscribers at the moment");
        }
        if (join.transport() == Transport.WEBSOCKET && !isUpgrade(asked)) {
            return;
        }
        if (known == null) {
            ask(asked, join.with(pass), target, topic);
        } else if (!known.plan().topic().equals(topic) || !known.plan().isOf(join.claim(), pass.grant())) {
            throw new Refusal(403, "this session is in use: send its resume secret, or choose another session");
        } else {
            edge.doors.spend(pass);
            known.join(new ForwardWait(edge, asked, join.with(pass)));
        }
    }

    /** Answers the questions of browsers about pages from elsewhere. @throws Refusal 403 */
    private boolean isForHere(Events.Asked asked, Forwards.@Nullable Entry entry) {
        boolean preflight = asked.answers().cors().origin() != null
                && asked.request().method().equals(HttpMethod.OPTIONS)
                && asked.request().headers().contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
        if (!preflight || entry == null) {
            return asked.answers().cors().admits(asked.request(), asked.answers());
        }
        Set<String> headers = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        headers.addAll(OWN_HEADERS);
        headers.addAll(entry.settings().headers());
        asked.answers()
                .preflight(String.join(", ", new TreeSet<>(entry.settings().methods())), String.join(", ", headers));
        return false;
    }

    private Pass pass(Join join, @Nullable PrivateTopic known) {
        Grant own = known == null || edge.doors.areOpen() ? null : edge.privates.grant(known, join.claim());
        return own == null ? edge.doors.pass(join.claim()) : new Pass(own, null);
    }

    private boolean isUpgrade(Events.Asked asked) {
        if (asked.request().headers().contains(HttpHeaderNames.UPGRADE)) {
            return Upgrade.check(asked.request(), asked.answers()) != null;
        }
        edge.counters.strippedUpgrades.increment();
        asked.answers()
                .upgradeRequired("the request for a WebSocket arrived without Upgrade: something on the way took it");
        return false;
    }

    private void ask(Events.Asked asked, Join join, ForwardTarget target, Topic topic) {
        Forwards.Entry entry = edge.forwards.find(target.name());
        if (entry == null) {
            throw new Refusal(404, "nothing is served at this path");
        }
        if (join.position() != null && !join.position().equals("earliest")) {
            throw new Refusal(410, PrivateTopics.GONE);
        }
        ForwardSettings settings = entry.settings();
        HttpMethod method = asked.request().method();
        if (!settings.methods().contains(method.name())) {
            asked.answers().notAllowed(String.join(", ", new TreeSet<>(settings.methods())));
            return;
        }
        edge.doors.spend(join.pass());
        PrivateTopic opened = edge.privates.open(join, topic, settings, asked.from(edge));
        opened.join(new ForwardWait(edge, asked, join));
        opened.cancelledBy(entry.forwarder().forward(request(asked, join, target, settings, opened), opened));
    }

    private ForwardRequest request(
            Events.Asked asked, Join join, ForwardTarget target, ForwardSettings settings, PrivateTopic opened) {
        FullHttpRequest request = asked.request();
        List<Map.Entry<String, String>> headers =
                ForwardHeaders.request(request.headers(), settings.headers(), !edge.doors.areOpen());
        return new ForwardRequest(
                new ForwardRequest.Target(request.method().name(), target.path(), target.query()),
                headers,
                ByteBufUtil.getBytes(request.content()),
                new ClientMessage.Sender(
                        opened.plan().session().id(),
                        join.transport(),
                        join.pass().grant().subject()));
    }
}
