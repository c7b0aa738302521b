package org.needle.access;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Secrets that stand in for a token for a while, for clients that cannot send one. {@value #BYTES} random bytes each. At most
 * {@value #MAX} in all, and {@value #MAX_OF_ONE} of one subject: whoever takes more loses the oldest of its own. Callable from
 * any thread.
 */
public final class Tickets {
    private static final int BYTES = 32;
    private static final int MAX = 100_000;
    private static final int MAX_OF_ONE = 10_000;
    private static final long SWEEP_MS = 1_000;

    private record Held(Grant grant, long until) {}

    private final SecureRandom random = new SecureRandom();
    private final LongSupplier clock;
    private final long life;

    // guarded by this
    private final Map<String, Held> held = new HashMap<>();
    private final Map<String, Deque<String>> ofSubjects = new HashMap<>();
    private long swept;

    /** @param life of each ticket in ms; it never outlives its grant */
    public Tickets(LongSupplier clock, long life) {
        this.clock = clock;
        this.life = life;
    }

    /** @param expires ms since 1970 */
    public record Ticket(String secret, long expires) {
        @Override
        public String toString() {
            return "Ticket[expires=" + expires + "]";
        }
    }

    /** A new ticket, or null if there are too many. */
    public synchronized @Nullable Ticket issue(Grant grant) {
        long now = clock.getAsLong();
        if (now - swept >= SWEEP_MS) {
            sweep(now);
        }
        if (held.size() >= MAX) {
            return null;
        }
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        long until = life > grant.expires() - now ? grant.expires() : now + life;
        held.put(secret, new Held(grant, until));
        Deque<String> own = ofSubjects.computeIfAbsent(String.valueOf(grant.subject()), x -> new ArrayDeque<>(2));
        own.add(secret);
        if (own.size() > MAX_OF_ONE) {
            held.remove(own.remove());
        }
        return new Ticket(secret, until);
    }

    /** What the ticket is good for, or null if it is unknown, spent or too old. */
    public synchronized @Nullable Grant look(String secret) {
        Held ticket = held.get(secret);
        return ticket == null || clock.getAsLong() >= ticket.until() ? null : ticket.grant();
    }

    /** True for exactly one caller, if the ticket is good. */
    public synchronized boolean spend(String secret) {
        Held ticket = held.remove(secret);
        return ticket != null && clock.getAsLong() < ticket.until();
    }

    private void sweep(long now) {
        swept = now;
        held.values().removeIf(ticket -> now >= ticket.until());
        ofSubjects.values().forEach(own -> own.removeIf(secret -> !held.containsKey(secret)));
        ofSubjects.values().removeIf(Deque::isEmpty);
    }
}
