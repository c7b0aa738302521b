package org.needle.edge;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Position;
import org.needle.hub.TopicFilter;
import org.needle.wire.ClientFrame;
import org.needle.wire.Style;

/**
 * What a client asks {@code /events} for: the only place where such a request is interpreted. Whatever a header says can be
 * said in the query too, because networks strip headers; the query wins.
 *
 * @param filters without doubles; empty only if {@code awaitsOpen}
 * @param position null: from now; {@code earliest}; else well-formed
 * @param cycle end the response after each burst
 * @param hold longest wait of a poll, or life of a cycle, in s
 * @param awaitsOpen the WebSocket's first frame says the rest
 * @param looks how it may be expected to behave
 * @param pass with what right; {@link Pass#NONE} until {@link Doors} has looked
 */
record Join(
        Transport transport,
        List<TopicFilter> filters,
        @Nullable String position,
        Claim claim,
        Style style,
        boolean cycle,
        int hold,
        boolean awaitsOpen,
        Looks looks,
        Pass pass) {
    private static final int DEFAULT_WAIT = 25;
    private static final Pattern SESSION = Pattern.compile("[A-Za-z0-9._~-]{16,64}");
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9._~-]{1,64}");

    /**
     * The session the client says it is.
     *
     * @param receipts whether the client promises receipts
     * @param shown with what it wants to be let in
     */
    record Claim(@Nullable String session, @Nullable String resume, boolean receipts, Shown shown) {
        /** The shortest secret that a client may choose, in characters. */
        static final int LEAST_SECRET = 16;

        private static final Claim SERVED = new Claim(null, null, false, Shown.NOTHING);

        /** The secret that the client wants for its session, if that does not exist yet. */
        @Nullable
        String chosen() {
            return session == null ? null : resume;
        }

        /** Whether the same request would be let in again: not with a ticket that is spent then, nor to a session without its secret. */
        boolean mayReturn() {
            boolean spent = shown.ticket() != null && shown.cookie() == null;
            return !spent && (session == null || resume != null);
        }
    }

    /** @throws Refusal 400 or 406 */
    static Join of(HttpRequest request, Query query, EdgeSettings settings) {
        Transport transport = transport(request, query);
        boolean awaitsOpen = transport == Transport.WEBSOCKET && query.has("open", "frame");
        List<TopicFilter> filters = filters(query.all("topic"), settings);
        Claim claim = claim(request, query);
        if (filters.isEmpty() && !awaitsOpen) {
            throw new Refusal(400, "no topic: add ?topic=NAME to the URL, once for each topic");
        }
        return new Join(
                transport,
                filters,
                position(query.get("position"), request.headers().get("Last-Event-ID")),
                claim,
                style(transport, query),
                cycle(query.get("mode")),
                hold(query.get("wait"), settings),
                awaitsOpen,
                Looks.of(request, transport, claim),
                Pass.NONE);
    }

    /**
     * What a client asks of a forwarded answer. What it accepts is also for the upstream to see to: if it is none of ours and the
     * answer turns out to be events, SSE it is.
     *
     * @throws Refusal 400
     */
    static Join forwarded(HttpRequest request, Query query, EdgeSettings settings, TopicFilter filter) {
        Transport transport;
        try {
            transport = transport(request, query);
        } catch (Refusal refusal) {
            if (refusal.status() != HttpResponseStatus.NOT_ACCEPTABLE.code()) {
                throw refusal;
            }
            transport = Transport.SSE;
        }
        if (query.get("open") != null) {
            throw new Refusal(400, "open=frame is not understood here: give session and resume in the query");
        }
        Claim claim = claim(request, query);
        return new Join(
                transport,
                List.of(filter),
                position(query.get("position"), request.headers().get("Last-Event-ID")),
                claim,
                style(transport, query),
                cycle(query.get("mode")),
                hold(query.get("wait"), settings),
                false,
                Looks.of(request, transport, claim).thatResumes(),
                Pass.NONE);
    }

    /** The same with what the first WebSocket frame says; the URL keeps what the frame leaves out. */
    Join opened(ClientFrame.Open open, EdgeSettings settings) {
        List<TopicFilter> named = open.topics().isEmpty() ? filters : filters(open.topics(), settings);
        if (named.isEmpty()) {
            throw new Refusal(400, "no topic: name topics in the URL or in the open frame");
        }
        return new Join(
                transport,
                named,
                open.position() == null ? position : checked(open.position()),
                claim(
                        open.session() == null ? claim.session() : open.session(),
                        open.resume() == null ? claim.resume() : open.resume(),
                        claim.receipts(),
                        open.token() == null ? claim.shown() : Shown.token(open.token())),
                style,
                cycle,
                hold,
                false,
                looks,
                Pass.NONE);
    }

    /** The same from a position. */
    Join from(Position start) {
        return new Join(transport, filters, start.toString(), claim, style, cycle, hold, awaitsOpen, looks, pass);
    }

    /** The same once it is served, of which there are many: with what all members of a group have in common, and without what let it in. */
    Join served(List<TopicFilter> shared, Style sharedStyle) {
        Pass right = pass.ticket() == null ? pass : new Pass(pass.grant(), null);
        return new Join(transport, shared, position, Claim.SERVED, sharedStyle, cycle, hold, awaitsOpen, looks, right);
    }

    /** The same with the right that it has. */
    Join with(Pass found) {
        return new Join(transport, filters, position, claim, style, cycle, hold, awaitsOpen, looks, found);
    }

    /** Who the client says it is, whatever it asks for. */
    static Claim claim(HttpRequest request, Query query) {
        return claim(query.get("session"), query.get("resume"), query.has("receipts", "1"), Shown.by(request, query));
    }

    private static Transport transport(HttpRequest request, Query query) {
        String named = query.get("transport");
        if (named != null) {
            for (Transport transport : Transport.values()) {
                if (transport.label().equals(named)) {
                    return transport;
                }
            }
            throw new Refusal(400, "transport is sse, websocket, stream or poll");
        }
        if (request.headers().containsValue(HttpHeaderNames.UPGRADE, "websocket", true)) {
            return Transport.WEBSOCKET;
        }
        List<String> accept = request.headers().getAll(HttpHeaderNames.ACCEPT);
        Transport preferred = Accept.preferred(accept);
        if (preferred == null) {
            throw new Refusal(406, "this URL speaks text/event-stream, application/x-ndjson and application/json");
        }
        return preferred;
    }

    /** True if a POST asks for a stream or poll; else it brings a message. */
    static boolean isSubscription(HttpRequest request, Query query) {
        if (!request.method().equals(HttpMethod.POST) || query.get("transport") != null) {
            return true;
        }
        String accept = String.join(",", request.headers().getAll(HttpHeaderNames.ACCEPT))
                .toLowerCase(Locale.ROOT);
        return accept.contains(Accept.SSE) || accept.contains(Accept.STREAM);
    }

    static List<TopicFilter> filters(List<String> names, EdgeSettings settings) {
        if (names.size() > settings.limits().topics()) {
            throw new Refusal(
                    400,
                    "more topics than one subscriber may follow: "
                            + settings.limits().topics());
        }
        List<TopicFilter> filters = new ArrayList<>(names.size());
        for (String name : names) {
            try {
                TopicFilter filter = TopicFilter.of(name);
                if (!filters.contains(filter)) {
                    filters.add(filter);
                }
            } catch (IllegalArgumentException e) {
                throw new Refusal(400, "not a topic: " + e.getMessage());
            }
        }
        return List.copyOf(filters);
    }

    /**
     * The query wins, except over a later position of the same log: a browser's EventSource reconnects with the URL it was
     * opened with, and says in the header how far it has come. Going back to the URL's position would repeat all of it.
     */
    private static @Nullable String position(@Nullable String query, @Nullable String header) {
        if (query == null) {
            return header == null || header.isEmpty() ? null : checked(header);
        }
        Position last = header == null ? null : Position.parse(header);
        if (last == null) {
            return checked(query);
        }
        Position first = Position.parse(query);
        boolean later = query.equals("earliest")
                || (first != null && first.epoch().equals(last.epoch()) && last.offset() > first.offset());
        return later ? last.toString() : checked(query);
    }

    private static String checked(String position) {
        if (!Position.isWellFormed(position)) {
            throw new Refusal(400, "not a position: give back an id exactly as it was received, or earliest");
        }
        return position;
    }

    private static Claim claim(@Nullable String session, @Nullable String resume, boolean receipts, Shown shown) {
        if (session != null && !SESSION.matcher(session).matches()) {
            throw new Refusal(400, "session is 16 to 64 letters, digits or . _ ~ -");
        }
        if (resume != null && !SECRET.matcher(resume).matches()) {
            throw new Refusal(400, "resume is the secret from hello, exactly as it was received");
        }
        return new Claim(session, resume, receipts, shown);
    }

    private static boolean cycle(@Nullable String mode) {
        if (mode != null && !mode.equals("cycle")) {
            throw new Refusal(400, "mode is cycle, or left out");
        }
        return mode != null;
    }

    private static Style style(Transport transport, Query query) {
        boolean envelope = query.has("envelope", "json");
        Style.Format format =
                switch (transport) {
                    case SSE -> envelope ? Style.Format.SSE_JSON : Style.Format.SSE;
                    case STREAM -> Style.Format.LINE;
                    case WEBSOCKET, POLL -> Style.Format.OBJECT;
                };
        return new Style(format, query.has("sum", "1"));
    }

    private static int hold(@Nullable String text, EdgeSettings settings) {
        int most = Math.toIntExact(settings.timing().maxWait().toSeconds());
        if (text == null) {
            return Math.min(DEFAULT_WAIT, most);
        }
        try {
            int wait = Integer.parseInt(text);
            if (wait >= 0) {
                return Math.min(wait, most);
            }
        } catch (NumberFormatException e) {
            // answered below
        }
        throw new Refusal(400, "wait is a whole number of seconds from 0");
    }
}
