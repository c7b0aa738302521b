package org.needle.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.jspecify.annotations.Nullable;
import org.needle.cli.Needle.Failure;
import org.needle.port.HttpComponent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway as a camel-main application. What the product sets comes last, so that a file, the environment or {@code -D} can
 * say otherwise.
 */
final class Gateway extends Main {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final String DEFAULTS = "/needle.properties";
    /** Libraries do not name the property of a port that is none, or bind some other port. */
    private static final List<String> PORTS = List.of("ingest.port", "queue.port", "camel.management.port");

    /** @param properties read instead of {@code application.properties}, or null */
    Gateway(@Nullable Path properties) {
        Properties defaults = new Properties();
        try (InputStream in = Gateway.class.getResourceAsStream(DEFAULTS)) {
            defaults.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        setInitialProperties(defaults);
        setDefaultPropertyPlaceholderLocation(
                properties == null ? "file:application.properties;optional=true" : "file:" + properties);
        addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport main) {
                PropertiesComponent properties =
                        (PropertiesComponent) main.getCamelContext().getPropertiesComponent();
                main.getCamelContext().addComponent("netty-http", new HttpComponent());
                properties.setPropertiesParser(new FreePorts(properties));
                for (String port : PORTS) {
                    properties.resolveProperty(port).ifPresent(value -> Ports.checkNumber(port, value));
                }
                if (properties
                        .resolveProperty("camel.management.port")
                        .filter("0"::equals)
                        .isPresent()) {
                    properties.addOverrideProperty("camel.management.enabled", "false");
                }
                main.getCamelContext().addLifecycleStrategy(new BrokerHealth.OfEachRoute());
            }

            @Override
            public void afterStart(BaseMainSupport main) {
                Ready.announce(main.getCamelContext());
            }
        });
    }

    /** @return exit status @throws Failure if the gateway does not start, with one line that says why */
    int runUntilStopped() throws Failure {
        try {
            run();
            return getExitCode();
        } catch (Exception | LinkageError e) { // a jar without those that it needs
            LOG.debug("The gateway did not start", e);
            giveUp();
            throw new Failure("the gateway did not start: " + StartFailure.explain(e, getCamelContext()));
        }
    }

    /** Camel would go on without its management server if that cannot bind; an operator would find out when it matters. */
    @Override
    protected void doStart() throws Exception {
        ManagementHttpServer management = getCamelContext().hasService(ManagementHttpServer.class);
        if (management != null && management.getPort() > 0) {
            Ports.check(management.getHost(), management.getPort(), "camel.management");
        }
        super.doStart();
        if (management != null) {
            ManagementHosts.guard(management);
        }
    }

    /** What has started must be stopped, or the JVM waits for it to end by itself. */
    private void giveUp() {
        CamelContext context = getCamelContext();
        try {
            completed();
            if (context != null) {
                context.stop();
            }
        } catch (Exception e) {
            LOG.debug("Stopping what had started", e);
        }
    }
}
