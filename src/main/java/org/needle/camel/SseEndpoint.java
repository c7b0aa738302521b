package org.needle.camel;

import org.apache.camel.AsyncEndpoint;
import org.apache.camel.Category;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;
import org.needle.edge.Transport;

/**
 * Publish events to subscribers, as the leg for those on Server-Sent Events.
 *
 * <p>A topic is shared by all transports: subscribers on the others get the event too, and another leg to the same topic publishes
 * nothing new.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "sse",
        title = "Server-Sent Events",
        syntax = "sse:topic",
        producerOnly = true,
        category = {Category.MESSAGING, Category.HTTP},
        headersClass = PushHeaders.class)
public class SseEndpoint extends LegEndpoint implements AsyncEndpoint {
    @UriPath(description = "The topic: levels of letters, digits and - _ . ~ : joined by /.")
    @Metadata(required = true)
    private final String topic;

    SseEndpoint(String uri, Component component, String topic) {
        super(uri, component);
        this.topic = topic;
    }

    @Override
    public Producer createProducer() {
        return leg(topic, Transport.SSE);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException(
                getEndpointUri() + ": SSE is one-way, nothing comes from it: use from: push:" + topic);
    }

    public String getTopic() {
        return topic;
    }
}
