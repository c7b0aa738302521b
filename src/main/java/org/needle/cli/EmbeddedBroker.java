package org.needle.cli;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import java.net.BindException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.StaticService;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * A JMS broker inside this process, and the way to connect to it. It exists only where {@code camel.beans.queueBroker} names this
 * class, as it does by default; another broker's connection factory in its place is the whole change.
 *
 * <p>It begins to start when the bean is made, beside the rest of the gateway, and is a service of the context: routes stop
 * before it does. Nobody outside reaches it unless {@code queue.port} is set.
 */
public final class EmbeddedBroker extends ServiceSupport
        implements ConnectionFactory, CamelContextAware, StaticService {
    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    private @Nullable CamelContext context;
    private @Nullable CompletableFuture<ConnectionFactory> connections;

    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        if (this.context != null) {
            return; // adding a service sets the context once more
        }
        this.context = context;
        BrokerSettings settings = BrokerSettings.of(context);
        connections = CompletableFuture.supplyAsync(() -> start(settings), task -> new Thread(task, "broker").start());
        try {
            context.addService(this);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Start fails here, with one message, rather than in a consumer that tries again for ever. */
    @Override
    protected void doStart() throws JMSException {
        connections();
    }

    @Override
    protected void doStop() throws Exception {
        broker.stop();
    }

    private ConnectionFactory start(BrokerSettings settings) {
        try {
            broker.setConfiguration(settings.configuration()).start();
            if (!broker.getActiveMQServer().isActive()) {
                throw new BindException(settings.trouble());
            }
            // the broker's own name for itself, so that several gateways in one process do not meet
            return new ActiveMQConnectionFactory("vm://" + settings.serverId());
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    private ConnectionFactory connections() throws JMSException {
        if (connections == null) {
            throw new JMSException("the embedded broker has no CamelContext");
        }
        try {
            return connections.join();
        } catch (CompletionException e) {
            JMSException failure = new JMSException("the embedded broker did not start: " + e.getMessage());
            failure.initCause(e.getCause());
            throw failure;
        }
    }

    @Override
    public Connection createConnection() throws JMSException {
        return connections().createConnection();
    }

    @Override
    public Connection createConnection(String user, String password) throws JMSException {
        return connections().createConnection(user, password);
    }

    @Override
    public JMSContext createContext() {
        throw new UnsupportedOperationException("connections only");
    }

    @Override
    public JMSContext createContext(String user, String password) {
        return createContext();
    }

    @Override
    public JMSContext createContext(String user, String password, int sessionMode) {
        return createContext();
    }

    @Override
    public JMSContext createContext(int sessionMode) {
        return createContext();
    }
}
