package org.needle.path;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What follows from what has been seen of a network, by the numbers. */
class EvidenceOfANetwork {
    private static final Pace.Usual USUAL = new Pace.Usual(15_000, 10_000, 600_000);
    private static final int ME = 7;
    private static final long NOW = 1_000_000;
    private static final long LATER = NOW + Evidence.KEPT;

    private static Pace plain(Evidence evidence, long now) {
        return evidence.pace(Manner.RETURNS, Rung.SSE, USUAL, ME, now);
    }

    private static Pace library(Evidence evidence, long now) {
        return evidence.pace(Manner.TELLS, Rung.SSE, USUAL, ME, now);
    }

    @Test
    void isTheUsualWhereThereIsNone() {
        assertThat(plain(Evidence.NONE, NOW)).isEqualTo(new Pace(15_000, 600_000, 10_000, 250, 3_000));
        assertThat(library(Evidence.NONE, NOW)).isEqualTo(new Pace(15_000, 600_000, Pace.NEVER, 250, 3_000));
        assertThat(Evidence.NONE.pace(Manner.STAYS, Rung.SSE, USUAL, ME, NOW))
                .isEqualTo(new Pace(15_000, 0, Pace.NEVER, 0, 3_000));
        assertThat(Evidence.NONE.pace(Manner.TELLS, Rung.WEBSOCKET, USUAL, ME, NOW))
                .isEqualTo(new Pace(15_000, 0, Pace.NEVER, 0, 3_000));
    }

    @ParameterizedTest
    @EnumSource(names = {"HELD_TO_END", "BUFFERED", "SWALLOWED"})
    void thatDataIsHeldLetsPlainClientsCycleUntilItIsForgotten(Verdict verdict) {
        Evidence held = Evidence.NONE.word(Rung.SSE, verdict, NOW);
        assertThat(plain(held, NOW).cycles()).isTrue();
        assertThat(plain(held, NOW).retry()).isEqualTo(100);
        assertThat(library(held, NOW).cycles()).isFalse();
        assertThat(held.pace(Manner.STAYS, Rung.SSE, USUAL, ME, NOW).hold()).isEqualTo(Pace.NEVER);
        assertThat(plain(held, LATER - 1).cycles()).isTrue();
        assertThat(plain(held, LATER).hold()).isEqualTo(10_000);
        assertThat(plain(Evidence.NONE.word(Rung.WEBSOCKET, verdict, NOW), NOW).hold())
                .as("of another rung")
                .isEqualTo(10_000);
    }

    @ParameterizedTest
    @EnumSource(names = {"CAPTIVE_PORTAL", "UNAVAILABLE", "OFFLINE"})
    void isNoneIfItSaysNothingOfATransport(Verdict verdict) {
        assertThat(Evidence.NONE.word(Rung.SSE, verdict, NOW)).isEqualTo(Evidence.NONE);
    }

    @Test
    void thatAllIsWellCountsOnlyForWhoLooksTheSameAndWhileNobodyContradicts() {
        Evidence clear = Evidence.NONE.word(Rung.SSE, Verdict.CLEAR, NOW);
        assertThat(plain(clear, NOW).hold()).as("only said").isEqualTo(10_000);
        Evidence seen = clear.clear(ME, NOW);
        assertThat(plain(seen, NOW).hold()).isEqualTo(60_000);
        assertThat(plain(seen, NOW).trail()).isZero();
        assertThat(seen.pace(Manner.RETURNS, Rung.SSE, USUAL, ME + 1, NOW).hold())
                .as("of somebody else")
                .isEqualTo(10_000);
        assertThat(Evidence.NONE
                        .clear(0, NOW)
                        .pace(Manner.RETURNS, Rung.SSE, USUAL, 0, NOW)
                        .hold())
                .as("through a box that many share")
                .isEqualTo(10_000);
        assertThat(plain(seen, NOW + 600_000).hold()).as("too long ago").isEqualTo(10_000);
        Evidence contradicted = seen.word(Rung.SSE, Verdict.HELD_TO_END, NOW).word(Rung.SSE, Verdict.CLEAR, NOW + 1);
        assertThat(plain(contradicted.clear(ME, NOW + 1), NOW + 1).cycles()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"4000,2000", "10000,5000", "28000,14000", "60000,15000"})
    void thatSilenceIsCutTwiceHalvesIt(long silence, long heartbeat) {
        Evidence once = Evidence.NONE.cut(silence + 1_050, silence, NOW);
        assertThat(library(once, NOW).heartbeat()).isEqualTo(15_000);
        Evidence twice = once.cut(silence + 1_050, silence + 100, NOW + 10_000);
        assertThat(library(twice, NOW + 10_000).heartbeat()).isEqualTo(heartbeat);
        assertThat(library(twice, NOW + 10_000).life())
                .as("it is not for the age")
                .isEqualTo(600_000);
        assertThat(plain(twice, NOW + 10_000).retry()).isEqualTo(300);
        assertThat(library(twice, NOW + 10_000 + Evidence.KEPT).heartbeat()).isEqualTo(15_000);
    }

    @Test
    void ofUnequalCutsIsNone() {
        Evidence evidence = Evidence.NONE
                .cut(20_000, 4_000, NOW)
                .cut(70_000, 9_000, NOW + 1)
                .cut(33_000, 2_500, NOW + 2);
        assertThat(library(evidence, NOW + 3).heartbeat()).isEqualTo(15_000);
        assertThat(library(evidence, NOW + 3).life()).isEqualTo(600_000);
    }

    @Test
    void thatLivesAreOfOneLengthEndsThemInTime() {
        Evidence busy = Evidence.NONE.cut(5_000, 300, NOW).cut(5_100, 900, NOW + 6_000);
        assertThat(library(busy, NOW + 6_000).life()).isEqualTo(4_000);
        assertThat(plain(busy, NOW + 6_000).life()).isEqualTo(4_000);
        assertThat(busy.pace(Manner.TELLS, Rung.WEBSOCKET, USUAL, ME, NOW + 6_000)
                        .life())
                .isEqualTo(4_000);
        assertThat(busy.pace(Manner.STAYS, Rung.SSE, USUAL, ME, NOW + 6_000).life())
                .isZero();
    }

    @Test
    void ofQuietLivesOfOneLengthTriesSignsOfLifeFirst() {
        Evidence quiet = Evidence.NONE.cut(5_000, 3_950, NOW).cut(5_000, 3_950, NOW + 6_000);
        assertThat(library(quiet, NOW + 6_000).heartbeat()).isEqualTo(2_000);
        assertThat(library(quiet, NOW + 6_000).life()).isEqualTo(600_000);
        Evidence inSpiteOf = quiet.cut(5_000, 1_900, NOW + 12_000);
        assertThat(library(inSpiteOf, NOW + 12_000).life()).isEqualTo(4_000);
    }

    @Test
    void ofACutIsEnoughWhereSomebodyHasNamedIt() {
        Evidence named = Evidence.NONE.word(Rung.SSE, Verdict.CUT_AT, NOW);
        assertThat(plain(named, NOW).retry()).isEqualTo(300);
        assertThat(library(named.cut(5_050, 4_000, NOW), NOW).heartbeat()).isEqualTo(2_000);
    }

    @Test
    void thatPositionsAreTakenMakesPlannedEndsRare() {
        Evidence taken = Evidence.NONE
                .word(Rung.SSE, Verdict.HELD_TO_END, NOW)
                .returned(false)
                .returned(false);
        assertThat(plain(taken, NOW).hold()).isEqualTo(60_000);
        assertThat(plain(taken.returned(true), NOW).cycles()).isTrue();
    }

    @Test
    void fromAroundCountsOnlyIfItIsBad() {
        Evidence around = Evidence.NONE
                .word(Rung.SSE, Verdict.HELD_TO_END, NOW)
                .word(Rung.WEBSOCKET, Verdict.CLEAR, NOW)
                .clear(ME, NOW)
                .cut(5_050, 4_000, NOW)
                .cut(5_050, 4_000, NOW);
        Evidence own = Evidence.NONE.word(Rung.SSE, Verdict.CLEAR, NOW).within(around, NOW);
        assertThat(plain(own, NOW).cycles()).isTrue();
        assertThat(plain(own, NOW).heartbeat()).isEqualTo(2_000);
        assertThat(own.verdict(Rung.WEBSOCKET, NOW)).isNull();
        assertThat(own.clear().client()).isZero();
    }

    @Test
    void namesABetterRungWhereOneIsBadAndAnotherIsClear() {
        Evidence evidence = Evidence.NONE
                .word(Rung.STREAM, Verdict.CLEAR, NOW)
                .word(Rung.WEBSOCKET, Verdict.CLEAR, NOW)
                .word(Rung.POLL, Verdict.CLEAR, NOW);
        assertThat(evidence.better(Rung.SSE, NOW)).isNull();
        assertThat(evidence.word(Rung.SSE, Verdict.CUT_AT, NOW).better(Rung.SSE, NOW))
                .isNull();
        assertThat(evidence.word(Rung.SSE, Verdict.HELD_TO_END, NOW).better(Rung.SSE, NOW))
                .isEqualTo(Rung.WEBSOCKET);
        assertThat(Evidence.NONE.word(Rung.SSE, Verdict.HELD_TO_END, NOW).better(Rung.SSE, NOW))
                .isNull();
    }
}
