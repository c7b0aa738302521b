package org.needle.edge;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.needle.access.Grant;
import org.needle.hub.Content;
import org.needle.hub.RefusedException;
import org.needle.hub.Topic;

/** The topic that a client's message goes to and the route that takes it: the same rules whichever way the message comes. */
record Destination(EdgeContext edge, Topic topic, MessageListener listener) {
    /** What a client is told, and no more, when the route's exchange has failed. */
    static final String FAILED = "the route that takes these messages failed";

    /** What a client is told that sends more than its share. */
    static final String TOO_MANY = "too many messages in a short time";

    /** What a client is told of a message that has not come through. */
    static Refusal failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RefusedException
                ? new Refusal(503, "too much to do at the moment")
                : new Refusal(500, FAILED);
    }

    /** @throws Refusal 503 while stopping, 400 if {@code name} is no topic, 403 if it is not granted, 404 if no route takes its messages */
    static Destination of(EdgeContext edge, String name, Transport transport, Grant grant) {
        edge.refuseWhileDraining();
        Topic topic = topic(name);
        if (!grant.mayPublish(topic)) {
            throw Doors.forbidden(); // before a route is looked up: the answer must not tell whether there is one
        }
        MessageListener listener = edge.messages.find(topic, transport);
        if (listener == null) {
            throw new Refusal(404, "no route takes messages to this topic");
        }
        return new Destination(edge, topic, listener);
    }

    /** Hands the message to the route; see {@link MessageListener}. */
    CompletionStage<Void> send(Content content, String id, ClientMessage.Sender sender) {
        edge.counters.messages.increment();
        return listener.onMessage(new ClientMessage(topic, content, id, sender));
    }

    private static Topic topic(String name) {
        try {
            return Topic.of(name);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "not a topic: " + e.getMessage());
        }
    }
}
