package org.needle.edge;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.needle.access.Grant;
import org.needle.hub.SystemClock;

/** The sessions that are connected or have been a moment ago. Callable from any thread. */
final class Sessions {
    private static final int SECRET_BYTES = 16;
    private static final int NONCE_BYTES = 9;

    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final EdgeSettings settings;

    Sessions(EdgeSettings settings) {
        this.settings = settings;
    }

    /** A session for one request and its answer: nobody will come back to it. */
    Session passing() {
        return new Session(secret(SECRET_BYTES), secret(SECRET_BYTES), Grant.NONE);
    }

    /** @throws Refusal 403 if the session is somebody else's, 503 if there are too many */
    Session enter(Join.Claim claim, Grant grant) {
        if (sessions.size() >= settings.limits().sessions()) {
            throw new Refusal(503, "too many sessions at the moment");
        }
        String id = claim.session() == null ? secret(SECRET_BYTES) : claim.session();
        Session fresh = new Session(id, secret(SECRET_BYTES), grant);
        Session known = sessions.putIfAbsent(id, fresh);
        if (known == null) {
            return fresh;
        }
        if (grant.subject() == null ? !isOwn(claim, known) : !known.isOf(grant)) {
            throw new Refusal(
                    403, "this session is in use: send the resume secret of its hello, or choose another session");
        }
        known.grant(grant);
        return known;
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
        return secret(NONCE_BYTES);
    }

    /** Forgets the sessions that are over. Call about once a second. */
    void sweep() {
        long now = SystemClock.nanos();
        long keep = settings.timing().resume().toNanos();
        sessions.values().removeIf(session -> session.isOver(now, keep));
    }

    int size() {
        return sessions.size();
    }

    private String secret(int bytes) {
        byte[] secret = new byte[bytes];
        random.nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }
}
