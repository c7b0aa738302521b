package org.needle.camel;

import java.net.URI;
import java.util.EnumSet;
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
 * Publish events as the leg for subscribers on WebSocket, or talk plain WebSocket at a path of the public port or with another server.
 *
 * <p>The successor of the component that Camel 4 removed. It runs on Netty's WebSocket codec, not in a Jakarta WebSocket container.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "websocket-jsr356",
        title = "WebSocket (JSR 356)",
        syntax = "websocket-jsr356:uri",
        lenientProperties = true,
        category = {Category.MESSAGING, Category.HTTP},
        headersClass = WebSocketHeaders.class)
public class WebSocketEndpoint extends LegEndpoint implements AsyncEndpoint {
    @UriPath(
            description =
                    "A topic; or, with a leading slash, a path of the public port. At a path a producer sends the body to"
                            + " every connection, as text if it is a string and else as binary, and a consumer takes each"
                            + " message. Or the ws or wss URL of another server, to send to or to receive from; parameters that"
                            + " are not options of this endpoint become its query.")
    @Metadata(required = true)
    private final String uri;

    @UriParam
    private SocketOptions configuration = new SocketOptions();

    private @Nullable URI target;

    WebSocketEndpoint(String endpointUri, WebSocketComponent component, String uri) {
        super(endpointUri, component);
        this.uri = uri;
    }

    private boolean isPath() {
        return uri.startsWith("/");
    }

    /** Of a URL all parameters mean something; of a topic or path none but ours. */
    @Override
    public boolean isLenientProperties() {
        return target != null;
    }

    @Override
    public Producer createProducer() {
        URI server = target;
        if (server != null) {
            OptionReader reader = OptionReader.ofEndpoint("websocket-jsr356:" + uri + ": ");
            SocketOptions.Plan plan = configuration.plan(server, reader);
            return new RemoteSocketProducer(this, component().dial(configuration, reader), plan);
        }
        return isPath() ? new SocketProducer(this, uri) : leg(uri, Transport.WEBSOCKET);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        Consumer consumer = target == null ? here(processor) : elsewhere(processor, target);
        configureConsumer(consumer);
        return consumer;
    }

    private Consumer here(Processor processor) {
        return isPath()
                ? new SocketConsumer(this, processor, uri)
                : new TopicConsumer(this, processor, uri, EnumSet.of(Transport.WEBSOCKET));
    }

    private Consumer elsewhere(Processor processor, URI server) {
        OptionReader reader = OptionReader.ofEndpoint("websocket-jsr356:" + uri + ": ");
        SocketOptions.Plan plan = configuration.plan(server, reader);
        return new RemoteSocketConsumer(this, processor, component().dial(configuration, reader), plan);
    }

    private WebSocketComponent component() {
        return (WebSocketComponent) getComponent();
    }

    /** See {@link WebSocketComponent#keepOpen}. */
    void keepOpen() {
        component().keepOpen(uri, PushComponent.of(getCamelContext()).gateway());
    }

    void setTarget(URI target) {
        this.target = target;
    }

    public SocketOptions getConfiguration() {
        return configuration;
    }

    public void setConfiguration(SocketOptions configuration) {
        this.configuration = configuration;
    }

    public String getUri() {
        return uri;
    }
}
