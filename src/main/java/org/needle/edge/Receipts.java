package org.needle.edge;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Position;
import org.needle.wire.ClientFrame;
import org.needle.wire.Frames;

/** The URL {@code /receipts}: proof that data has arrived over a connection, known by its session and nonce. */
final class Receipts {
    static final String RULE = "a receipt has session, nonce, and position exactly as it was received";
    static final String TOO_MANY = "too many receipts in a short time";

    private static final int MAX_BYTES = 4 << 10;

    private final EdgeContext edge;

    Receipts(EdgeContext edge) {
        this.edge = edge;
    }

    /** @throws Refusal 400 if it is no receipt, 404 if there is no such connection */
    void take(FullHttpRequest request, Query query, Answers answers) {
        if (request.method().equals(HttpMethod.GET)) {
            take(new ClientFrame.Receipt(
                    needed(query, "session"), needed(query, "nonce"), query.get("position"), verdicts(query)));
        } else if (request.method().equals(HttpMethod.POST)) {
            if (request.content().readableBytes() > MAX_BYTES) {
                throw new Refusal(413, "a receipt has at most " + MAX_BYTES + " bytes");
            }
            take(parse(ByteBufUtil.getBytes(request.content())));
        } else {
            answers.notAllowed("GET, POST");
            return;
        }
        answers.noContent();
    }

    private void take(ClientFrame.Receipt receipt) {
        if (!isWellFormed(receipt)) {
            throw new Refusal(400, RULE);
        }
        Session session = receipt.session() == null ? null : session(receipt.session(), receipt.nonce());
        Subscriber connection = session == null ? null : session.connection(receipt.nonce());
        if (session == null || (connection == null && !edge.paths.late(session, receipt.nonce()))) {
            throw new Refusal(404, "no connection has this session and nonce");
        }
        taken(session);
        edge.paths.told(session, receipt.verdicts()); // at once: the session's next request may come on another loop
        if (connection != null) {
            connection.channel.eventLoop().execute(() -> connection.receipt(receipt));
        }
    }

    private void taken(Session session) {
        if (!session.confirms(edge.settings.callers().shares())) {
            throw new Refusal(429, TOO_MANY);
        }
        edge.counters.receipts.increment();
    }

    private @Nullable Session session(String id, String nonce) {
        Session session = edge.sessions.find(id);
        PrivateTopic answer = edge.privates.ofSession(id);
        return answer == null || (session != null && session.connection(nonce) != null)
                ? session
                : answer.plan().session();
    }

    static boolean isWellFormed(ClientFrame.Receipt receipt) {
        return receipt.position() == null || Position.isWellFormed(receipt.position());
    }

    /** {@code verdicts=sse:held-to-end,websocket:clear} */
    private static Map<String, String> verdicts(Query query) {
        Map<String, String> verdicts = new HashMap<>();
        String text = query.get("verdicts");
        for (String pair : text == null ? new String[0] : text.split(",", -1)) {
            int colon = pair.indexOf(':');
            if (colon > 0) {
                verdicts.put(pair.substring(0, colon), pair.substring(colon + 1));
            }
        }
        return verdicts;
    }

    private static ClientFrame.Receipt parse(byte[] body) {
        try {
            return Frames.receipt(body);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "not a receipt: " + e.getMessage());
        }
    }

    private static String needed(Query query, String name) {
        String value = query.get(name);
        if (value == null) {
            throw new Refusal(400, RULE);
        }
        return value;
    }
}
