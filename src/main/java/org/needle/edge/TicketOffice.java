package org.needle.edge;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.needle.access.Grant;
import org.needle.access.Tickets;
import org.needle.hub.TopicFilter;
import org.needle.wire.ClientFrame;
import org.needle.wire.Frames;

/** The URL {@code /tickets}: a token for something that may be shown in a URL, or that a browser sends by itself. */
final class TicketOffice {
    private static final ClientFrame.Ticket NOTHING_SAID = new ClientFrame.Ticket(null, List.of(), false);

    private final EdgeContext edge;

    TicketOffice(EdgeContext edge) {
        this.edge = edge;
    }

    /** @throws Refusal 404 without tokens, 400, 401, 403, or 503 if there are too many tickets */
    void take(FullHttpRequest request, Query query, Answers answers) {
        if (edge.doors.areOpen()) {
            throw new Refusal(404, "no tickets are needed here");
        }
        if (!request.method().equals(HttpMethod.POST)) {
            answers.notAllowed("POST");
            return;
        }
        ClientFrame.Ticket wish = wish(request);
        String header = Shown.by(request, query).token();
        String token = header == null ? wish.token() : header;
        if (token == null) {
            throw Doors.unauthorized();
        }
        Grant grant = granted(token, wish.topics());
        boolean cookie = wish.cookie() || query.has("cookie", "true");
        Tickets.Ticket ticket = issued(edge.doors.tickets.issue(grant));
        answers.json(
                "{\"ticket\":\"" + ticket.secret() + "\",\"expires\":" + ticket.expires() + "}",
                cookie ? cookie(issued(edge.doors.cookies.issue(grant))) : "");
    }

    private static ClientFrame.Ticket wish(FullHttpRequest request) {
        try {
            return request.content().isReadable()
                    ? Frames.ticket(ByteBufUtil.getBytes(request.content()))
                    : NOTHING_SAID;
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "the body is a JSON object with token and topics, or empty");
        }
    }

    private Grant granted(String token, List<String> topics) {
        Join.Claim claim = new Join.Claim(null, null, false, Shown.token(token));
        Grant grant = edge.doors.pass(claim).grant();
        if (topics.isEmpty()) {
            return grant;
        }
        List<TopicFilter> filters = Join.filters(topics, edge.settings);
        if (!filters.stream().allMatch(grant::maySubscribe)) {
            throw Doors.forbidden();
        }
        return grant.narrowed(filters);
    }

    private static Tickets.Ticket issued(Tickets.@Nullable Ticket ticket) {
        if (ticket == null) {
            throw new Refusal(503, "too many tickets at the moment");
        }
        return ticket;
    }

    /** Ends with the browser or with what it stands for, whichever is first. */
    private static String cookie(Tickets.Ticket ticket) {
        return Shown.COOKIE + "=" + ticket.secret() + "; Path=/; Secure; HttpOnly; SameSite=Lax";
    }
}
