package org.needle.camel;

import org.apache.camel.spi.Metadata;

/** The headers of {@code push}, {@code sse}, {@code websocket-jsr356} and {@code https-proxy}. */
public interface PushHeaders {
    @Metadata(
            description =
                    "Producer: publishes to this topic instead of the one in the URI, unless it is only what a consumer"
                            + " put here. Consumer: the topic that a client sent its message to.",
            javaType = "String")
    String TOPIC = "CamelPushTopic";

    @Metadata(
            description =
                    "Producer: the event's name; wins over the option eventName, unless it is only what a consumer put"
                            + " here. Consumer: the name that the client gave its message, if any.",
            javaType = "String")
    String EVENT_NAME = "CamelPushEventName";

    @Metadata(label = "producer", description = "The conflation key; wins over the option key.", javaType = "String")
    String KEY = "CamelPushKey";

    @Metadata(
            description =
                    "Producer: a repeat of this key on the same topic publishes nothing and returns the first event's id."
                            + " Consumer: names the message; the same message sent again has the same, and if the"
                            + " route publishes it is published once.",
            javaType = "String")
    String IDEMPOTENCY_KEY = "CamelPushIdempotencyKey";

    @Metadata(
            label = "producer",
            description = "Set by producers: the event's id, which is its position.",
            javaType = "String")
    String EVENT_ID = "CamelPushEventId";

    @Metadata(
            label = "producer",
            description =
                    "Set by producers that wait for confirmation: the sessions that have confirmed the event, a list of ids.",
            javaType = "java.util.List")
    String REACHED = "CamelPushReached";

    @Metadata(
            label = "producer",
            description =
                    "Set by producers that wait for confirmation: the sessions of the event's audience that have not confirmed"
                            + " it, a list of ids.",
            javaType = "java.util.List")
    String UNREACHED = "CamelPushUnreached";

    @Metadata(
            description =
                    "The session of the client that sent the message; absent for a plain POST. Where a route sets it, https-proxy: calls"
                            + " for this session alone: its JSON object names it.",
            javaType = "String")
    String SESSION = "CamelPushSession";

    @Metadata(
            label = "consumer",
            description = "The transport that the message came by: sse, websocket, stream or poll.",
            javaType = "String")
    String TRANSPORT = "CamelPushTransport";

    @Metadata(
            label = "consumer",
            description = "Whom the client's token names; absent without tokens.",
            javaType = "String")
    String SUBJECT = "CamelPushSubject";
}
