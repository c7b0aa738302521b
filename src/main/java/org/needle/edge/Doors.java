package org.needle.edge;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.needle.access.Access;
import org.needle.access.Grant;
import org.needle.access.Tickets;
import org.needle.access.Tokens;
import org.needle.hub.TopicFilter;

/**
 * Who may come in. Without tokens everybody; with them whoever shows one, or a ticket or cookie that stands for one, or goes on
 * with a session that was opened by one. Whatever is wrong with what is shown, the answer is the same. Callable from any thread.
 */
final class Doors {
    private static final long TICKET_MS = 30_000;

    /** Single use, for the query. */
    final Tickets tickets;

    /** For as long as the token, for browsers that reconnect by themselves. */
    final Tickets cookies;

    private final Access access;
    private final Sessions sessions;

    Doors(Access access, Sessions sessions) {
        this.access = access;
        this.sessions = sessions;
        this.tickets = new Tickets(access.clock(), TICKET_MS);
        this.cookies = new Tickets(access.clock(), Long.MAX_VALUE);
    }

    static Refusal unauthorized() {
        return new Refusal(401, "a valid token is needed");
    }

    /** The same whether there is such a topic or not. */
    static Refusal forbidden() {
        return new Refusal(403, "the token does not grant this topic");
    }

    /** The status by which a WebSocket is closed when its first frame is refused. */
    static int closeCode(Refusal refusal) {
        return switch (refusal.status()) {
            case 401 -> WsFrames.UNAUTHORIZED;
            case 403 -> WsFrames.FORBIDDEN;
            default -> WsFrames.POLICY;
        };
    }

    boolean areOpen() {
        return access.tokens() == null;
    }

    /** What was asked for, with the right to it. @throws Refusal 401, or 403 if a topic is not granted */
    Join admit(Join join) {
        if (join.awaitsOpen()) {
            return join;
        }
        Pass pass = pass(join.claim());
        for (TopicFilter filter : join.filters()) {
            if (!pass.grant().maySubscribe(filter)) {
                throw forbidden();
            }
        }
        return join.with(pass);
    }

    /** With what right a client comes. Spends nothing. @throws Refusal 401 */
    Pass pass(Join.Claim claim) {
        Tokens tokens = access.tokens();
        if (tokens == null) {
            return new Pass(Grant.ALL, null);
        }
        Shown shown = claim.shown();
        if (shown.token() != null) {
            return new Pass(valid(tokens.grant(shown.token())), null);
        }
        Grant ticket = shown.ticket() == null ? null : tickets.look(shown.ticket());
        if (ticket != null) {
            return new Pass(ticket, shown.ticket());
        }
        Grant grant = ofSession(claim);
        if (grant == null && shown.cookie() != null) {
            grant = cookies.look(shown.cookie());
        }
        return new Pass(valid(grant), null);
    }

    private @Nullable Grant ofSession(Join.Claim claim) {
        Session session = claim.session() == null ? null : sessions.find(claim.session());
        if (session == null || !Sessions.isOwn(claim, session) || isOver(session.grant())) {
            return null;
        }
        return session.grant();
    }

    private static Grant valid(@Nullable Grant grant) {
        if (grant == null) {
            throw unauthorized();
        }
        return grant;
    }

    /** The session of a connection that is about to be opened. @throws Refusal as {@link #spend} and {@link Sessions#enter} */
    Session enter(Join join, InetAddress from) {
        spend(join.pass());
        return sessions.enter(join.claim(), join.pass().grant(), from);
    }

    /** As {@link #enter}, of a client that is known again and goes on with its session. */
    Session goOn(Join join, Session known) {
        spend(join.pass());
        return sessions.goOn(known, join.pass().grant());
    }

    /** @throws Refusal 401 if somebody else has been faster */
    void spend(Pass pass) {
        if (pass.ticket() != null && !tickets.spend(pass.ticket())) {
            throw unauthorized();
        }
    }

    boolean isOver(Grant grant) {
        return grant.isOver(access.clock().getAsLong());
    }
}
