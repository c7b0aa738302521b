package org.needle.camel;

import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.needle.edge.ClientMessage;
import org.needle.edge.Registration;
import org.needle.edge.Transport;
import org.needle.hub.Content;
import org.needle.hub.TopicFilter;

/** Takes the messages that clients send to topics. */
final class TopicConsumer extends ClientConsumer {
    private final TopicFilter filter;
    private final Set<Transport> transports;

    /** @throws IllegalArgumentException naming the endpoint, if {@code pattern} is no topic and no pattern */
    TopicConsumer(Endpoint endpoint, Processor processor, String pattern, Set<Transport> transports) {
        super(endpoint, processor);
        this.transports = transports;
        try {
            this.filter = TopicFilter.of(pattern);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(endpoint.getEndpointUri() + ": " + e.getMessage(), e);
        }
    }

    @Override
    Registration listen(Gateway gateway) {
        return gateway.edge().messages().listen(filter, transports, message -> route(x -> fill(x, message)));
    }

    /** Only these headers: nothing else that a client sends ever becomes one. */
    private static void fill(Exchange exchange, ClientMessage received) {
        Message message = exchange.getMessage();
        Content content = received.content();
        message.setBody(content.text() ? content.string() : content.data());
        Received.set(exchange, PushHeaders.TOPIC, received.topic().name());
        if (content.name() != null) {
            Received.set(exchange, PushHeaders.EVENT_NAME, content.name());
        }
        ClientMessage.Sender sender = received.sender();
        message.setHeader(PushHeaders.TRANSPORT, sender.transport().label());
        Received.set(exchange, PushHeaders.IDEMPOTENCY_KEY, key(received));
        if (!sender.session().isEmpty()) {
            message.setHeader(PushHeaders.SESSION, sender.session());
        }
        if (sender.subject() != null) {
            message.setHeader(PushHeaders.SUBJECT, sender.subject());
        }
    }

    /** Clients count from 1, all of them: without the session the first message of one would be a repeat of another's. */
    private static String key(ClientMessage received) {
        String session = received.sender().session();
        return Lineage.bounded(session.isEmpty() ? received.id() : session + "/" + received.id());
    }
}
