package org.needle.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionsInText {
    @Test
    void comeBackAsTheyWere() {
        Position position = new Position("k3j9x", 123_456_789_012L);
        assertThat(Position.parse(position.toString())).isEqualTo(position);
        assertThat(Position.isWellFormed(position.toString())).isTrue();
        assertThat(Objects.requireNonNull(Position.parse(new Position("e", Long.MAX_VALUE / 37).toString()))
                        .offset())
                .isEqualTo(Long.MAX_VALUE / 37);
    }

    @ParameterizedTest
    @ValueSource(strings = {"42", "abc", "A-1", "e-", "-1", "e-1-2", "e-zzzzzzzzzzzzz", "urn:uuid:1"})
    void ofOtherLogsAreWellFormedAndNobodys(String text) {
        assertThat(Position.isWellFormed(text)).isTrue();
        assertThat(Position.parse(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\n", "ä", "a/b", "a\"b"})
    void areRefusedIfNoLogPrintsThem(String text) {
        assertThat(Position.isWellFormed(text)).isFalse();
    }

    @Test
    void areBounded() {
        assertThat(Position.isWellFormed("x".repeat(128))).isTrue();
        assertThat(Position.isWellFormed("x".repeat(129))).isFalse();
    }
}
