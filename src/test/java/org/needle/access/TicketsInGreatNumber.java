package org.needle.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Tickets cost memory until they end, and whoever has a token may ask for them: there are only so many. */
class TicketsInGreatNumber {
    private static final int ALL = 100_000;
    private static final int OF_ONE = 10_000;
    private static final long LIFE = 30_000;

    private final AtomicLong clock = new AtomicLong(1);
    private final Tickets tickets = new Tickets(clock::get, LIFE);

    private String issue(String subject) {
        return Objects.requireNonNull(tickets.issue(new Grant(subject, List.of(), List.of(), Long.MAX_VALUE)))
                .secret();
    }

    private List<String> issue(String subject, int count) {
        List<String> secrets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            secrets.add(issue(subject));
        }
        return secrets;
    }

    @Test
    void ofOneSubjectLoseTheOldest() {
        String others = issue("other");
        List<String> own = issue("one", OF_ONE);
        assertThat(own).allMatch(secret -> tickets.look(secret) != null);
        String next = issue("one");
        assertThat(tickets.look(own.get(0))).isNull();
        assertThat(tickets.spend(own.get(0))).isFalse();
        assertThat(tickets.look(own.get(1))).isNotNull();
        assertThat(tickets.look(next)).isNotNull();
        assertThat(tickets.look(others)).as("another subject's").isNotNull();
    }

    @Test
    void ofAllAreRefusedUntilSomeAreSpentOrOver() {
        List<String> held = new ArrayList<>(ALL);
        for (int subject = 0; subject < ALL / OF_ONE; subject++) {
            held.addAll(issue("subject" + subject, OF_ONE));
        }
        Grant late = new Grant("late", List.of(), List.of(), Long.MAX_VALUE);
        assertThat(tickets.issue(late)).isNull();
        assertThat(held).as("nobody loses one by it").allMatch(secret -> tickets.look(secret) != null);
        assertThat(tickets.spend(held.get(0))).isTrue();
        assertThat(tickets.issue(late)).isNotNull();
        assertThat(tickets.issue(late)).isNull();
        clock.addAndGet(LIFE);
        assertThat(tickets.issue(late)).isNotNull();
    }
}
