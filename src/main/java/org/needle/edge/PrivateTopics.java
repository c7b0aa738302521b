package org.needle.edge;

import java.math.BigInteger;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.needle.access.Grant;
import org.needle.hub.Hub;
import org.needle.hub.HubSettings;
import org.needle.hub.Position;
import org.needle.hub.Slow;
import org.needle.hub.SystemClock;
import org.needle.hub.Topic;
import org.needle.hub.TopicSettings;

/**
 * The forwarded requests to which their clients can come back. Bounded for each name in number and, as far as answers that have
 * ended can be dropped, in bytes. Callable from any thread.
 */
final class PrivateTopics {
    static final String GONE = "the rest of this answer is not kept any more: ask again without a position";

    /** A secret as good as a session's that still is an epoch. */
    private static final int EPOCH_BITS = 120;

    /** Events of a private topic go by bytes, and with the topic. */
    private static final Duration NEVER = Duration.ofDays(10_000);

    private final EdgeContext edge;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, PrivateTopic> bySession = new ConcurrentHashMap<>();
    private final Map<String, PrivateTopic> byEpoch = new ConcurrentHashMap<>();
    private final LongAdder requests = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final Counters.Each<PrivateState> ends = new Counters.Each<>(PrivateState.values());

    // guarded by this: the requests of each name, and what their answers hold as of the last sweep
    private final Map<Topic, Integer> open = new HashMap<>();
    private final Map<Topic, Long> bytes = new HashMap<>();

    PrivateTopics(EdgeContext edge) {
        this.edge = edge;
    }

    Hub hub() {
        return edge.hub;
    }

    @Nullable
    PrivateTopic ofSession(String id) {
        return bySession.get(id);
    }

    /** The topic that the client claims to come back to, or null. The session says it; without one the position does. */
    @Nullable
    PrivateTopic find(Join join) {
        if (join.claim().session() != null) {
            return bySession.get(join.claim().session());
        }
        Position position = join.position() == null ? null : Position.parse(join.position());
        return position == null ? null : byEpoch.get(position.epoch());
    }

    /**
     * A new request, from {@code from}.
     *
     * @throws Refusal 503 or 429 if there are too many, 400 if the secret that the client has chosen is none
     */
    PrivateTopic open(Join join, Topic topic, ForwardSettings settings, InetAddress from) {
        Session session = session(join, from);
        enter(topic, settings.bounds(), from);
        ForwardSettings.Bounds bounds = settings.bounds();
        Hub hub = new Hub(settings.log().apply(epoch()), hubOf(bounds), SystemClock::millis);
        hub.start();
        PrivateTopic opened = new PrivateTopic(this, edge.over(hub), new PrivatePlan(topic, hub, session, settings));
        if (bySession.putIfAbsent(session.id(), opened) != null) {
            release(opened);
            throw new Refusal(409, "two requests of one session at the same moment");
        }
        byEpoch.put(hub.head().epoch(), opened);
        requests.increment();
        return opened;
    }

    private synchronized void enter(Topic topic, ForwardSettings.Bounds bounds, InetAddress from) {
        int now = open.getOrDefault(topic, 0);
        if (now >= bounds.requests() || bytes.getOrDefault(topic, 0L) > bounds.total()) {
            refused.increment();
            throw new Refusal(503, "too many requests, or too much of their answers, is kept at the moment");
        }
        if (!edge.addresses.enter(from)) {
            throw new Refusal(429, "too many sessions from this address");
        }
        open.put(topic, now + 1);
    }

    private Session session(Join join, InetAddress from) {
        Join.Claim claim = join.claim();
        String chosen = claim.chosen();
        if (chosen != null && chosen.length() < Join.Claim.LEAST_SECRET) {
            throw new Refusal(400, "a resume secret of your own has 16 to 64 characters");
        }
        return edge.sessions.open(claim, chosen, join.pass().grant(), from);
    }

    private String epoch() {
        return new BigInteger(EPOCH_BITS, random).toString(Character.MAX_RADIX);
    }

    private static HubSettings hubOf(ForwardSettings.Bounds bounds) {
        TopicSettings kept = new TopicSettings(Integer.MAX_VALUE, bounds.history(), NEVER, Slow.GAP);
        return new HubSettings(
                new TopicSettings.Rules(List.of(), kept), 1, bounds.event(), Long.MAX_VALUE, Duration.ofMinutes(1));
    }

    /** Nobody finds it any more; {@link #release} is still to come. */
    void hide(PrivateTopic topic) {
        bySession.remove(topic.plan().session().id(), topic);
        byEpoch.remove(topic.head().epoch(), topic);
    }

    /** It takes no place any more. Once only. */
    synchronized void release(PrivateTopic topic) {
        edge.addresses.leave(topic.plan().session().from());
        open.computeIfPresent(topic.plan().topic(), (name, count) -> count == 1 ? null : count - 1);
    }

    void ended(PrivateState how) {
        ends.get(how).increment();
    }

    /** What a request in the client's own name may do when it shows nothing but its session. Null if that is nothing. */
    @Nullable
    Grant grant(PrivateTopic topic, Join.Claim claim) {
        Session session = topic.plan().session();
        boolean shown = claim.shown().token() != null || claim.shown().ticket() != null;
        boolean own = claim.session() != null && Sessions.isOwn(claim, session) && !edge.doors.isOver(session.grant());
        return own && !shown ? session.grant() : null;
    }

    /** About once a second. */
    void sweep() {
        long now = SystemClock.nanos();
        Map<Topic, Long> found = new HashMap<>();
        for (PrivateTopic topic : bySession.values()) {
            topic.sweep(now);
            found.merge(topic.plan().topic(), topic.bytes(), Long::sum);
        }
        synchronized (this) {
            bytes.clear();
            bytes.putAll(found);
        }
        found.forEach((name, all) -> shrink(name, all, now));
    }

    /** Drops answers that ended a while ago and that nobody follows, the oldest first, until the rest is within its bound. */
    private void shrink(Topic name, long all, long now) {
        List<PrivateTopic> kept = bySession.values().stream()
                .filter(topic -> topic.plan().topic().equals(name) && topic.isIdle(now))
                .sorted(Comparator.comparingLong(PrivateTopic::lastSeen))
                .toList();
        long left = all;
        for (PrivateTopic topic : kept) {
            if (left <= topic.total()) {
                return;
            }
            left -= topic.bytes();
            topic.forget();
        }
    }

    /** The gateway stops. */
    void close() {
        bySession.values().forEach(PrivateTopic::forget);
    }

    List<Meter> meters() {
        List<Meter> meters = new ArrayList<>();
        meters.add(new Meter("needle.forward.answers", Map.of(), true, bySession::size));
        meters.add(new Meter("needle.forward.bytes", Map.of(), true, this::held));
        meters.add(new Meter("needle.forward.requests", Map.of(), false, requests::sum));
        meters.add(new Meter("needle.forward.refused", Map.of(), false, refused::sum));
        ends.meters("needle.forward.ends", "how", false, meters);
        return meters;
    }

    private synchronized long held() {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }
}
