package org.needle.edge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.needle.path.Verdict;

/** What the edge counts. Incremented from event loops, read from any thread. */
final class Counters {
    /** How a subscriber's connection ended, as seen from here. */
    enum End {
        CLIENT,
        STALLED,
        SILENT,
        SLOW,
        REPLACED,
        DRAIN,
        EXPIRED,
        /** Its client promised receipts, and none came for what was sent. */
        UNPROVED,
        /** Whoever says nothing but comes back is sent away after a while, so that what may be held comes out. */
        HOLD,
        /** As old as streams get. */
        LIFE,
        /** A forwarded answer: all has been said. */
        END,
        /** A forwarded answer: its upstream, or its route, broke off. */
        FAILED,
        CYCLE;

        /** The name in metrics and in {@code bye}. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether it is our doing, to get the better of what is on the way; the client is to come back at once. */
        boolean isForThePath() {
            return this == UNPROVED || this == HOLD || this == LIFE || this == CYCLE;
        }
    }

    /** How old connections were when something cut them. */
    enum Age {
        UNDER_10S,
        UNDER_1M,
        UNDER_5M,
        OLDER;

        static Age of(long ms) {
            return ms < 10_000 ? UNDER_10S : ms < 60_000 ? UNDER_1M : ms < 300_000 ? UNDER_5M : OLDER;
        }
    }

    /** One counter for each value of an enum. */
    static final class Each<E extends Enum<E>> {
        private final E[] values;
        private final LongAdder[] adders;

        Each(E[] values) {
            this.values = values;
            this.adders = Stream.generate(LongAdder::new).limit(values.length).toArray(LongAdder[]::new);
        }

        @SuppressWarnings("EnumOrdinal") // the array lives no longer than the class
        LongAdder get(E value) {
            return adders[value.ordinal()];
        }

        long sum() {
            return Arrays.stream(adders).mapToLong(LongAdder::sum).sum();
        }

        void meters(String name, String tag, boolean gauge, List<Meter> to) {
            for (E value : values) {
                String label = value.name().toLowerCase(Locale.ROOT);
                to.add(new Meter(name, Map.of(tag, label), gauge, get(value)::sum));
            }
        }
    }

    final Each<Transport> connected = new Each<>(Transport.values());
    final Each<Transport> delivered = new Each<>(Transport.values());
    final Each<Transport> gaps = new Each<>(Transport.values());
    final Each<Transport> unproved = new Each<>(Transport.values());
    final Each<End> ends = new Each<>(End.values());
    final Each<Age> cuts = new Each<>(Age.values());
    final LongAdder bursts = new LongAdder();
    final LongAdder missing = new LongAdder();
    final LongAdder http10 = new LongAdder();
    final LongAdder via = new LongAdder();
    final LongAdder connections = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder strippedUpgrades = new LongAdder();
    final LongAdder handshakes = new LongAdder();
    final LongAdder receipts = new LongAdder();
    final LongAdder messages = new LongAdder();

    long subscribers() {
        return connected.sum();
    }

    List<Meter> meters(Sessions sessions) {
        List<Meter> meters = new ArrayList<>();
        connected.meters("needle.subscribers", "transport", true, meters);
        delivered.meters("needle.delivered", "transport", false, meters);
        gaps.meters("needle.gaps", "transport", false, meters);
        unproved.meters("needle.unproved", "transport", false, meters);
        ends.meters("needle.ends", "reason", false, meters);
        cuts.meters("needle.cuts", "age", false, meters);
        for (Verdict verdict : Verdict.values()) {
            meters.add(new Meter(
                    "needle.verdicts", Map.of("verdict", verdict.label()), true, () -> sessions.judged(verdict)));
        }
        meters.add(new Meter("needle.bursts", Map.of(), false, bursts::sum));
        meters.add(new Meter("needle.missing.positions", Map.of(), false, missing::sum));
        meters.add(new Meter("needle.http10", Map.of(), false, http10::sum));
        meters.add(new Meter("needle.via", Map.of(), false, via::sum));
        meters.add(new Meter("needle.connections", Map.of(), true, connections::sum));
        meters.add(new Meter("needle.sessions", Map.of(), true, sessions::size));
        meters.add(new Meter("needle.refused", Map.of(), false, refused::sum));
        meters.add(new Meter("needle.stripped.upgrades", Map.of(), false, strippedUpgrades::sum));
        meters.add(new Meter("needle.tls.refused", Map.of(), false, handshakes::sum));
        meters.add(new Meter("needle.receipts", Map.of(), false, receipts::sum));
        meters.add(new Meter("needle.messages", Map.of(), false, messages::sum));
        return List.copyOf(meters);
    }
}
