package org.needle.camel;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.ServiceStatus;
import org.apache.camel.StartupListener;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;
import org.jspecify.annotations.Nullable;
import org.needle.hub.RefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the gateway of a Camel context: hub, log and public port. They live as long as the context, so that routes come and go
 * without anybody being disconnected.
 *
 * <p>The port is bound when all routes have been started, so that no client meets half of them. Stopping the context begins
 * with sending subscribers away, while the routes finish what is in flight.
 */
@Component("push")
public class PushComponent extends DefaultComponent {
    static final String PROPERTIES = "camel.component.push.";

    private static final Logger LOG = LoggerFactory.getLogger(PushComponent.class);

    @Metadata(description = "All options in one object, for Java.")
    private PushOptions configuration = new PushOptions();

    private final Life life = new Life();

    // from the context's initialization to the component's stop
    private volatile @Nullable Gateway gateway;

    // from start to stop
    private @Nullable ExecutorService threads;
    private @Nullable ScheduledExecutorService sweeper;
    private @Nullable Observation observation;
    private volatile @Nullable Confirming confirming;

    /** The component that owns the gateway of {@code context}. */
    static PushComponent of(CamelContext context) {
        return context.getComponent("push", PushComponent.class);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        PushEndpoint endpoint = new PushEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /**
     * Ordinary HTTP routes share the port only if the gateway is there before their consumers are made, which is long before
     * components are started. On the other hand the options are set after this method, as a rule.
     */
    @Override
    protected void doInit() throws Exception {
        super.doInit();
        getCamelContext().addLifecycleStrategy(life);
        if (getCamelContext().getStatus() != ServiceStatus.Stopped) {
            open();
        }
    }

    /** @throws IllegalArgumentException naming every wrong property */
    private void open() {
        if (gateway == null) {
            OptionReader reader = new OptionReader(PROPERTIES);
            TopicPatterns.read(getCamelContext(), configuration.getTopics(), reader);
            GatewaySettings settings = GatewaySettings.of(configuration, getCamelContext(), reader);
            reader.check();
            Lineages.confirm(getCamelContext());
            gateway = new Gateway(settings, getCamelContext());
            Unreached.bind(getCamelContext());
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        open();
        Gateway opened = gateway();
        ExecutorServiceManager executors = getCamelContext().getExecutorServiceManager();
        threads = executors.newThreadPool(this, "push-messages", profile(opened.settings()));
        ScheduledExecutorService every = executors.newScheduledThreadPool(this, "push-sweep", 1);
        every.scheduleWithFixedDelay(opened.hub()::sweep, 1, 1, TimeUnit.SECONDS);
        every.scheduleWithFixedDelay(opened.edge()::refresh, 1, 1, TimeUnit.SECONDS);
        sweeper = every;
        confirming = new Confirming(getCamelContext(), opened);
        observation = new Observation(opened, getCamelContext());
        getCamelContext().addStartupListener(life);
    }

    /** A full queue must refuse: Camel's default, to run the route on the caller's thread, would be the event loop. */
    private static ThreadPoolProfile profile(GatewaySettings settings) {
        ThreadPoolProfile profile = new ThreadPoolProfile("push-messages");
        profile.setPoolSize(settings.messageThreads());
        profile.setMaxPoolSize(settings.messageThreads());
        profile.setMaxQueueSize(settings.messageQueue());
        profile.setKeepAliveTime(60L);
        profile.setTimeUnit(TimeUnit.SECONDS);
        profile.setAllowCoreThreadTimeOut(true);
        profile.setRejectedPolicy(ThreadPoolRejectedPolicy.Abort);
        return profile;
    }

    @Override
    protected void doStop() throws Exception {
        ExecutorServiceManager executors = getCamelContext().getExecutorServiceManager();
        getCamelContext().getLifecycleStrategies().remove(life);
        Gateway closing = gateway;
        if (closing != null) {
            closing.close();
        }
        if (observation != null) {
            observation.close();
        }
        if (sweeper != null) {
            executors.shutdownNow(sweeper);
        }
        if (threads != null) {
            executors.shutdownNow(threads);
        }
        if (confirming != null) {
            confirming.close();
        }
        gateway = null;
        threads = null;
        confirming = null;
        life.bound = false;
        super.doStop();
    }

    /** When the gateway is made, when its port opens and when it begins to close. */
    private final class Life extends LifecycleStrategySupport implements StartupListener {
        private boolean bound;

        @Override
        public void onContextInitializing(CamelContext context) {
            open();
        }

        /** A component that is added to a running context has no other moment to open its port. */
        @Override
        public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) throws Exception {
            if (alreadyStarted) {
                bind();
            }
        }

        /** Camel leaves the routes running if this fails; a gateway that nobody can reach must not eat files and messages. */
        @Override
        public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) throws Exception {
            try {
                bind();
            } catch (Exception e) {
                context.stop();
                throw e;
            }
        }

        /** Camel calls its listeners again whenever it has reloaded routes. */
        private void bind() throws Exception {
            if (bound) {
                return;
            }
            bound = true;
            gateway().bind();
            List<String> urls = gateway().urls();
            if (urls.isEmpty()) {
                LOG.info("Needle has no public port ({}port=0 and tls-port=0)", PROPERTIES);
            } else {
                LOG.info(
                        "Needle listens on {}{}",
                        String.join(" and ", urls),
                        gateway().certificate());
            }
        }

        @Override
        public void onContextStopping(CamelContext context) {
            Gateway draining = gateway;
            if (draining != null) {
                draining.drain();
            }
        }

        @Override
        public String toString() {
            return "push";
        }
    }

    /** @throws IllegalStateException if the component is not started */
    Confirming confirming() {
        Confirming running = confirming;
        if (running == null) {
            throw new IllegalStateException("the component push is not started");
        }
        return running;
    }

    /** @throws IllegalStateException if the component is not started */
    Gateway gateway() {
        Gateway running = gateway;
        if (running == null) {
            throw new IllegalStateException("the component push is not started");
        }
        return running;
    }

    /**
     * Runs a task on a thread that may block.
     *
     * @throws RefusedException if too many wait already
     */
    void execute(Runnable task) {
        ExecutorService running = threads;
        if (running == null) {
            throw new IllegalStateException("the component push is not started");
        }
        try {
            running.execute(task);
        } catch (RejectedExecutionException e) {
            throw new RefusedException("more than message-queue=" + configuration.getMessageQueue() + " messages wait");
        }
    }

    /** The port that was bound, 0 before the context has started and if the port is off. */
    public int boundPort() {
        Gateway opened = gateway;
        return opened == null ? 0 : opened.edge().port();
    }

    /** The base URLs of the ports that are bound. */
    public List<String> urls() {
        Gateway opened = gateway;
        return opened == null ? List.of() : opened.urls();
    }

    /** As {@link #boundPort}, of the port with TLS. */
    public int boundTlsPort() {
        Gateway opened = gateway;
        return opened == null ? 0 : opened.edge().tlsPort();
    }

    public PushOptions getConfiguration() {
        return configuration;
    }

    public void setConfiguration(PushOptions configuration) {
        this.configuration = configuration;
    }
}
