package org.needle.cli;

import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.needle.camel.PushHeaders;

/** Of the parts of a split: the last one that became an event, so that a step behind the split can wait for it. */
public final class LastPublished implements AggregationStrategy {
    @Override
    public Exchange aggregate(@Nullable Exchange before, Exchange part) {
        boolean published = part.getException() != null || part.getMessage().getHeader(PushHeaders.EVENT_ID) != null;
        return before == null || published ? part : before;
    }
}
