package org.needle.hub;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher hands in; the log makes an {@link Event} of it.
 *
 * @param content name and data of the event to be
 * @param key conflation key: a slow subscriber may be sent only the newest event of each key
 * @param ttl how long the event may be replayed; null: as long as the topic keeps it
 * @param idempotencyKey a repeat of it on the same topic within {@link Hub}'s window publishes nothing
 */
public record Draft(
        Topic topic, Content content, @Nullable String key, @Nullable Duration ttl, @Nullable String idempotencyKey) {

    public static Draft of(Topic topic, Content content) {
        return new Draft(topic, content, null, null, null);
    }

    /** The longest conflation or idempotency key, in characters. */
    public static final int MAX_KEY = 255;

    public Draft {
        checkKey(key, "key");
        checkKey(idempotencyKey, "idempotency key");
    }

    private static void checkKey(@Nullable String key, String what) {
        if (key != null && (key.isEmpty() || key.length() > MAX_KEY)) {
            throw new IllegalArgumentException("the " + what + " has 1 to " + MAX_KEY + " characters");
        }
    }
}
