package org.needle.hub;

import java.time.Duration;

/**
 * The hub's bounds.
 *
 * @param topics which topic keeps how much
 * @param maxTopics most topics with history at one time; publishing to one more is refused
 * @param maxEvent largest data of one event, in bytes
 * @param historyTotal most bytes of history of all topics together; the oldest events of all go first
 * @param idempotency how long an idempotency key is remembered
 */
public record HubSettings(
        TopicSettings.Rules topics, int maxTopics, int maxEvent, long historyTotal, Duration idempotency) {
    public static final HubSettings DEFAULT =
            new HubSettings(TopicSettings.Rules.DEFAULT, 10_000, 4 << 20, 256L << 20, Duration.ofMinutes(10));
}
