package org.needle.edge;

import org.jspecify.annotations.Nullable;
import org.needle.hub.Content;
import org.needle.hub.Topic;

/**
 * A message that a client sent to a topic. Everything in it comes from outside and has been checked for syntax and size only.
 *
 * @param id made here, or the client's own key: the same key means the same message
 * @param sender where it came from
 */
public record ClientMessage(Topic topic, Content content, String id, Sender sender) {
    /**
     * @param session the session's id; empty for a plain POST without session
     * @param subject whom the token names, or null without tokens
     */
    public record Sender(String session, Transport transport, @Nullable String subject) {}
}
