package org.needle.camel;

import java.util.EnumSet;
import org.apache.camel.AsyncEndpoint;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;
import org.needle.edge.Transport;

/**
 * Publish events as the leg for subscribers on WebSocket, or talk plain WebSocket at a path of the public port.
 *
 * <p>The successor of the component that Camel 4 removed. It runs on Netty's WebSocket codec, not in a Jakarta WebSocket container.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "websocket-jsr356",
        title = "WebSocket (JSR 356)",
        syntax = "websocket-jsr356:uri",
        category = {Category.MESSAGING, Category.HTTP},
        headersClass = WebSocketHeaders.class)
public class WebSocketEndpoint extends LegEndpoint implements AsyncEndpoint {
    @UriPath(
            description =
                    "A topic; or, with a leading slash, a path of the public port. At a path a producer sends the body to"
                            + " every connection, as text if it is a string and else as binary, and a consumer takes each message.")
    @Metadata(required = true)
    private final String uri;

    WebSocketEndpoint(String endpointUri, WebSocketComponent component, String uri) {
        super(endpointUri, component);
        this.uri = uri;
    }

    private boolean isPath() {
        return uri.startsWith("/");
    }

    @Override
    public Producer createProducer() {
        return isPath() ? new SocketProducer(this, uri) : leg(uri, Transport.WEBSOCKET);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        Consumer consumer = isPath()
                ? new SocketConsumer(this, processor, uri)
                : new TopicConsumer(this, processor, uri, EnumSet.of(Transport.WEBSOCKET));
        configureConsumer(consumer);
        return consumer;
    }

    /** See {@link WebSocketComponent#keepOpen}. */
    void keepOpen() {
        WebSocketComponent component = (WebSocketComponent) getComponent();
        component.keepOpen(uri, PushComponent.of(getCamelContext()).gateway());
    }

    public String getUri() {
        return uri;
    }
}
