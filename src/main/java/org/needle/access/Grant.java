package org.needle.access;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Topic;
import org.needle.hub.TopicFilter;

/**
 * What somebody may do, and until when. Immutable.
 *
 * @param subject whom the token names; null only where no tokens are asked for
 * @param expires ms since 1970, from when on it grants nothing
 */
public record Grant(@Nullable String subject, List<TopicFilter> subscribe, List<TopicFilter> publish, long expires) {
    private static final List<TopicFilter> EVERYTHING = List.of(TopicFilter.of("**"));

    /** Where no tokens are asked for. */
    public static final Grant ALL = new Grant(null, EVERYTHING, EVERYTHING, Long.MAX_VALUE);

    public static final Grant NONE = new Grant(null, List.of(), List.of(), Long.MAX_VALUE);

    public Grant {
        subscribe = List.copyOf(subscribe);
        publish = List.copyOf(publish);
    }

    /**
     * True if one of the granted patterns covers all of {@code filter}. A part of it is not enough: a subscriber would not know
     * which of its events it never sees.
     */
    public boolean maySubscribe(TopicFilter filter) {
        return subscribe.stream().anyMatch(granted -> granted.covers(filter));
    }

    public boolean mayPublish(Topic topic) {
        return publish.stream().anyMatch(granted -> granted.matches(topic));
    }

    /** The same for {@code topics} only. Call with topics that may be subscribed to. */
    public Grant narrowed(List<TopicFilter> topics) {
        List<TopicFilter> still = topics.stream()
                .filter(topic -> publish.stream().anyMatch(granted -> granted.covers(topic)))
                .toList();
        return new Grant(subject, topics, still, expires);
    }

    /** @param now ms since 1970 */
    public boolean isOver(long now) {
        return now >= expires;
    }
}
