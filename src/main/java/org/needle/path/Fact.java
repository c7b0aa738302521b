package org.needle.path;

import org.jspecify.annotations.Nullable;

/** What a ladder is told. */
public sealed interface Fact {
    /**
     * The first fact.
     *
     * @param memory null if there is none, or it is older than {@link Plan#KEEP}
     */
    record Start(Plan.@Nullable Memory memory) implements Fact {}

    /** {@code /info} was asked, and answered like this after {@code rtt} ms. */
    record Checked(Beside.Info info, long rtt) implements Fact {}

    /** Data comes through on the rung as it is sent. */
    record Proved(Rung rung) implements Fact {}

    /**
     * An attempt has failed, or a proved connection was cut.
     *
     * @param verdict as found with {@code /info} taken for ours: the ladder checks by itself
     * @param number of the finding
     * @param life ms since the connection was opened
     */
    record Over(Rung rung, Verdict verdict, long number, long life) implements Fact {}

    /** The connection ended as it should, or the gateway ended it on purpose: it may come back after {@code delay} ms. */
    record Bye(Rung rung, long delay) implements Fact {}

    /** The gateway orders another rung. */
    record Switch(Rung rung, Verdict reason) implements Fact {}

    /** The gateway does not let the client in, and said so on {@code rung}; it would on any. */
    record Refused(Rung rung) implements Fact {}

    /** The client may have slept: seen from far too late timers, or told by the platform. */
    record Wake() implements Fact {}

    /** The client is on another network. */
    record Network() implements Fact {}

    /** The time that was asked for has come. */
    record Time() implements Fact {}
}
