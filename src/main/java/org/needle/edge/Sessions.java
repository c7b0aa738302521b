package org.needle.edge;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.needle.access.Grant;
import org.needle.hub.SystemClock;
import org.needle.path.Verdict;

/** The sessions that are connected or have been a moment ago. Callable from any thread. */
final class Sessions {
    private static final int SECRET_BYTES = 16;

    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final EdgeSettings settings;
    private final Addresses addresses;
    private final Confirmations confirmations;
    private final Subjects subjects;
    private volatile Survey survey = new Survey();

    Sessions(EdgeSettings settings, Addresses addresses, Confirmations confirmations) {
        this.confirmations = confirmations;
        this.settings = settings;
        this.addresses = addresses;
        this.subjects = new Subjects(settings.callers().shares().ofSubject());
    }

    /** A session for one request and its answer: nobody will come back to it. */
    Session passing() {
        return new Session(secret(), secret(), Grant.NONE, InetAddress.getLoopbackAddress());
    }

    /**
     * One that is not known here, as after a restart, keeps the secret that is shown: its client's other connections know no other.
     * Where tokens are asked for the secret stands in for one, so nobody may choose another's.
     */
    private Session session(Join.Claim claim, Grant grant, InetAddress from) {
        String chosen = claim.chosen();
        boolean keeps = chosen != null && chosen.length() >= Join.Claim.LEAST_SECRET && grant.subject() == null;
        return open(claim, keeps ? chosen : null, grant, from);
    }

    /** A new session that is not remembered here, with a secret of the gateway's own if {@code chosen} is null. */
    Session open(Join.Claim claim, @Nullable String chosen, Grant grant, InetAddress from) {
        return new Session(
                claim.session() == null ? secret() : claim.session(), chosen == null ? secret() : chosen, grant, from);
    }

    /**
     * @param grant what the client may do now
     * @param from the client's address
     * @throws Refusal 403 if the session is somebody else's, 503 if there are too many, 429 if too many come from there or are of
     *     one subject
     */
    Session enter(Join.Claim claim, Grant grant, InetAddress from) {
        Session known = claim.session() == null ? null : sessions.get(claim.session());
        if (known == null) {
            Session fresh = session(claim, grant, from);
            known = admit(fresh);
            if (known == null) {
                return fresh;
            }
        }
        if (grant.subject() == null ? !isOwn(claim, known) : !known.isOf(grant)) {
            throw new Refusal(
                    403, "this session is in use: send the resume secret of its hello, or choose another session");
        }
        known.grant(grant);
        return known;
    }

    /** A client goes on with a session by what it looks like: what only its client knows is made anew. */
    Session goOn(Session known, Grant grant) {
        known.renew(secret());
        known.grant(grant);
        return known;
    }

    /** Remembers a session; null, or the other one that was there before it. */
    private @Nullable Session admit(Session fresh) {
        if (sessions.size() >= settings.limits().sessions()) {
            throw new Refusal(503, "too many sessions at the moment");
        }
        if (!addresses.enter(fresh.from())) {
            throw new Refusal(429, "too many sessions from this address");
        }
        if (!subjects.enter(fresh.grant().subject())) {
            addresses.leave(fresh.from());
            throw new Refusal(429, "too many sessions of this token's subject");
        }
        Session before = sessions.putIfAbsent(fresh.id(), fresh);
        if (before != null) {
            leave(fresh);
        }
        return before;
    }

    private void leave(Session session) {
        addresses.leave(session.from());
        subjects.leave(session.grant().subject());
    }

    /** Whether the claim has the secret of the session. */
    static boolean isOwn(Join.Claim claim, Session session) {
        return claim.resume() != null && same(claim.resume(), session.resume());
    }

    @Nullable
    Session find(String id) {
        return sessions.get(id);
    }

    String nonce() {
        return text(random());
    }

    /** What cannot be guessed. */
    long random() {
        return random.nextLong();
    }

    /** A number as clients see it. */
    static String text(long number) {
        return base64(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    /** Forgets the sessions that are over. Call about once a second. */
    void sweep() {
        long now = SystemClock.nanos();
        long keep = settings.timing().resume().toNanos();
        Survey seen = new Survey();
        List<Session> over = new ArrayList<>();
        sessions.values().removeIf(session -> {
            seen.add(session);
            return session.isOver(now, keep) && over.add(session);
        });
        over.forEach(session -> {
            leave(session);
            confirmations.over(session); // once it cannot be found any more: else it might join an audience for ever
        });
        survey = seen;
        addresses.sweep(now);
    }

    /** How many sessions' paths came to that verdict when it was last looked. */
    int judged(Verdict verdict) {
        return survey.judged(verdict);
    }

    /** How many did not answer on that transport, null for any, when it was last looked. */
    Failing failing(@Nullable Transport transport) {
        return survey.failing(transport);
    }

    /** False for the session of a request to which nobody will come back, and for one that is over. */
    boolean isKnown(Session session) {
        return sessions.get(session.id()) == session;
    }

    int size() {
        return sessions.size();
    }

    /** As good as a session's. */
    String secret() {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return base64(secret);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }
}
