package org.needle.camel;

import java.util.EnumSet;
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
 * Publish events to subscribers through any firewall, and take the messages that they send.
 *
 * <p>As producer it publishes to the topic; subscribers get the event on whichever transport they use. As consumer it takes the
 * messages that clients send to the topic, over any transport.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "push",
        title = "Push",
        syntax = "push:topic",
        category = {Category.MESSAGING, Category.HTTP},
        headersClass = PushHeaders.class)
public class PushEndpoint extends LegEndpoint implements AsyncEndpoint {
    @UriPath(
            description =
                    "The topic: levels of letters, digits and - _ . ~ : joined by /. A consumer may use a pattern, with *"
                            + " for one level and ** at the end for any number.")
    @Metadata(required = true)
    private final String topic;

    PushEndpoint(String uri, Component component, String topic) {
        super(uri, component);
        this.topic = topic;
    }

    @Override
    public Producer createProducer() {
        return leg(topic, null);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        Consumer consumer = new TopicConsumer(this, processor, topic, EnumSet.allOf(Transport.class));
        configureConsumer(consumer);
        return consumer;
    }

    public String getTopic() {
        return topic;
    }
}
