package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.needle.conformance.Ask.Carrier;
import org.needle.edge.Transport;

/**
 * A subscriber leaves one transport at any event and goes on over another one from its position, again and again. The events
 * have to be numbers in order.
 *
 * @param carrier what the position travels in
 */
public record Journey(Transport from, Transport to, Carrier carrier) {
    private static final int LEGS = 6;

    /** From every transport to every transport, in each carrier that both can use. */
    public static Stream<Journey> all() {
        return Stream.of(Transport.values())
                .flatMap(from -> Stream.of(Transport.values())
                        .flatMap(to -> Stream.of(Carrier.values()).map(carrier -> new Journey(from, to, carrier))))
                .filter(way -> way.carrier() != Carrier.FRAME
                        || way.from() == Transport.WEBSOCKET
                        || way.to() == Transport.WEBSOCKET);
    }

    /** Goes all the way, with at most {@code longest} events on one leg, and returns what was seen. */
    public List<Frame> travel(Ask ask, Random random, int longest) {
        List<Frame> seen = new ArrayList<>();
        for (int leg = 0; leg < LEGS; leg++) {
            Transport transport = leg % 2 == 0 ? from : to;
            int count = 1 + random.nextInt(longest);
            Ask next = leg == 0 ? ask : ask.from(position(seen), carrier(transport));
            try (Subscriber subscriber = Subscriber.open(transport, next.with("envelope=json", "wait=5"), count)) {
                seen.addAll(subscriber.awaitEvents(count));
                assertThat(subscriber.hello().json().path("recovered").asBoolean())
                        .as("recovered on leg %s of %s", leg, this)
                        .isTrue();
                assertThat(subscriber.controls("gap")).isEmpty();
            }
        }
        return seen;
    }

    /** The data are numbers without a hole and without a repetition. */
    public static void assertWhole(List<Frame> seen) {
        List<Long> numbers = seen.stream().map(f -> Long.parseLong(f.data())).toList();
        long first = numbers.get(0);
        assertThat(numbers)
                .isEqualTo(
                        Stream.iterate(first, n -> n + 1).limit(numbers.size()).toList());
    }

    private static String position(List<Frame> seen) {
        return seen.get(seen.size() - 1).id();
    }

    /** Only a WebSocket has a first frame; the other half of the way then takes the header. */
    private Carrier carrier(Transport transport) {
        boolean impossible = carrier == Carrier.FRAME && transport != Transport.WEBSOCKET;
        return impossible ? Carrier.HEADER : carrier;
    }
}
