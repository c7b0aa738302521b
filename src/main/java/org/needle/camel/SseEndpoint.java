package org.needle.camel;

import java.net.URI;
import org.apache.camel.AsyncEndpoint;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.jspecify.annotations.Nullable;
import org.needle.edge.Transport;

/**
 * Publish events to subscribers on Server-Sent Events, or consume the event stream of another server.
 *
 * <p>As producer it is a leg to a topic: subscribers on other transports get the event too, and another leg to the same topic publishes
 * nothing new. As consumer it follows the stream at a URL, for ever: it reconnects behind the last event, as browsers do.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "sse",
        title = "Server-Sent Events",
        syntax = "sse:topic",
        lenientProperties = true,
        category = {Category.MESSAGING, Category.HTTP},
        headersClass = SseHeaders.class)
public class SseEndpoint extends LegEndpoint implements AsyncEndpoint {
    @UriPath(
            description =
                    "As to: the topic, levels of letters, digits and - _ . ~ : joined by /. As from: the http or https URL of"
                            + " a stream; parameters that are not options of this endpoint become its query.")
    @Metadata(required = true)
    private final String topic;

    @UriParam
    private SseStreamOptions configuration = new SseStreamOptions();

    private @Nullable URI target;

    SseEndpoint(String uri, SseComponent component, String topic) {
        super(uri, component);
        this.topic = topic;
    }

    /** Of a URL all parameters mean something; of a topic none but ours. */
    @Override
    public boolean isLenientProperties() {
        return target != null;
    }

    @Override
    public Producer createProducer() {
        if (target != null) {
            throw new UnsupportedOperationException(
                    "sse:" + topic
                            + ": the stream of another server can only be consumed: use it in from:, or publish to a topic by to: sse:TOPIC");
        }
        return leg(topic, Transport.SSE);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        URI stream = target;
        if (stream == null) {
            throw new UnsupportedOperationException(getEndpointUri()
                    + ": SSE is one-way, nothing comes from it: use from: push:" + topic
                    + ", or from: sse:https://host/path for the stream of another server");
        }
        Consumer consumer = new SseConsumer(this, processor, stream);
        configureConsumer(consumer);
        return consumer;
    }

    void setTarget(URI target) {
        this.target = target;
    }

    public String getTopic() {
        return topic;
    }

    public SseStreamOptions getConfiguration() {
        return configuration;
    }

    public void setConfiguration(SseStreamOptions configuration) {
        this.configuration = configuration;
    }
}
