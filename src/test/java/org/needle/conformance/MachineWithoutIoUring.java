package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.needle.edge.Io;
import org.needle.edge.Transport;

/** The kernel is asked for input and output in another way: nothing else changes. */
class MachineWithoutIoUring {
    private static final int EVENTS = 2_000;

    static Stream<Arguments> ways() {
        return Stream.of(Io.EPOLL, Io.NIO)
                .flatMap(io -> Stream.of(Transport.values()).map(transport -> Arguments.of(io, transport)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void getsEveryEvent(Io io, Transport transport) {
        List<String> numbers =
                IntStream.range(0, EVENTS).mapToObj(Integer::toString).toList();
        try (OpenEdge edge = OpenEdge.start(plan -> plan.on(io));
                Subscriber subscriber =
                        Subscriber.open(transport, Ask.of(edge.port(), "t").from("earliest"))) {
            numbers.forEach(number -> edge.publish("t", number));
            subscriber.awaitEvents(EVENTS);
            assertThat(subscriber.data()).isEqualTo(numbers);
        }
    }
}
