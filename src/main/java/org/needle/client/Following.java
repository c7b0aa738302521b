package org.needle.client;

import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.needle.path.Plan;

/**
 * Whom to follow, and how.
 *
 * @param urls the gateway, as {@code https://host:port}; several are ways to the same one, tried in turn
 * @param topics topics and patterns
 * @param position an id to go on behind, or {@code earliest}; null: from now
 * @param token asked for before each connection, in the follower's thread, so it must not block; it may give null
 */
public record Following(
        List<URI> urls,
        List<String> topics,
        @Nullable String position,
        Plan plan,
        Supplier<@Nullable String> token,
        Dial.Settings way) {

    /** From now, on all rungs, without token or proxy. */
    public static Following of(URI url, String... topics) {
        return new Following(List.of(url), List.of(topics), null, Plan.DEFAULT, () -> null, Dial.Settings.DIRECT);
    }

    public Following from(@Nullable String where) {
        return new Following(urls, topics, where, plan, token, way);
    }

    public Following by(Plan ladder) {
        return new Following(urls, topics, position, ladder, token, way);
    }

    public Following as(Supplier<@Nullable String> shown) {
        return new Following(urls, topics, position, plan, shown, way);
    }

    public Following through(Dial.Settings dial) {
        return new Following(urls, topics, position, plan, token, dial);
    }
}
