package org.needle.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.camel.CamelContext;

/**
 * What the embedded broker is told by {@code queue.*} properties.
 *
 * @param serverId unique in this JVM
 * @param port 0 = reachable in this process only, -1 = any free one
 * @param directory where messages are kept over a restart; empty: in memory
 * @param attempts deliveries of a message before it goes to {@code deadLetters}
 * @param delay ms before the second delivery, doubled for each that follows
 */
record BrokerSettings(
        int serverId, String host, int port, String directory, int attempts, long delay, String deadLetters) {
    private static final int JOURNAL_BYTES = 1 << 20;
    private static final AtomicInteger SERVERS = new AtomicInteger();

    /** The properties and their defaults. */
    static final Map<String, String> DEFAULTS = Map.of(
            "queue.host", "127.0.0.1",
            "queue.port", "0",
            "queue.dir", "",
            "queue.attempts", "5",
            "queue.delay", "500",
            "queue.dead-letters", "DLQ");

    static BrokerSettings of(CamelContext context) {
        return new BrokerSettings(
                SERVERS.incrementAndGet(),
                text(context, "queue.host"),
                number(context, "queue.port"),
                text(context, "queue.dir"),
                number(context, "queue.attempts"),
                number(context, "queue.delay"),
                text(context, "queue.dead-letters"));
    }

    private static String text(CamelContext context, String property) {
        return context.resolvePropertyPlaceholders("{{" + property + ":" + DEFAULTS.get(property) + "}}")
                .trim();
    }

    private static int number(CamelContext context, String property) {
        String text = text(context, property);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(property + "=" + text + ": not a whole number");
        }
    }

    Configuration configuration() throws Exception {
        Configuration configuration = new ConfigurationImpl()
                .setName("needle-" + serverId)
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .setMessageCounterEnabled(false)
                .setGracefulShutdownEnabled(false)
                .addAcceptorConfiguration("vm", "vm://" + serverId)
                .addAddressSetting("#", addresses())
                // it must be there before the first message that nobody can take, or that one is lost
                .addQueueConfiguration(QueueConfiguration.of(deadLetters).setRoutingType(RoutingType.ANYCAST));
        if (port != 0) {
            configuration.addAcceptorConfiguration("tcp", "tcp://" + host + ":" + port + "?protocols=CORE");
        }
        return directory.isEmpty() ? configuration.setPersistenceEnabled(false) : kept(configuration);
    }

    private Configuration kept(Configuration configuration) {
        Path root = Path.of(directory).toAbsolutePath();
        return configuration
                .setPersistenceEnabled(true)
                .setJournalType(JournalType.NIO)
                .setJournalFileSize(JOURNAL_BYTES)
                .setJournalDirectory(root.resolve("journal").toString())
                .setBindingsDirectory(root.resolve("bindings").toString())
                .setLargeMessagesDirectory(root.resolve("large").toString())
                .setPagingDirectory(root.resolve("paging").toString());
    }

    private AddressSettings addresses() {
        return new AddressSettings()
                .setDeadLetterAddress(SimpleString.of(deadLetters))
                .setAutoDeleteQueues(false)
                .setAutoDeleteAddresses(false)
                .setMaxDeliveryAttempts(attempts)
                .setRedeliveryDelay(delay)
                .setRedeliveryMultiplier(2)
                .setMaxRedeliveryDelay(60_000);
    }

    /** What is most likely wrong if the broker has given up without saying why. */
    String trouble() {
        String place = port == 0 ? "" : host + ":" + port + " (queue.host, queue.port) is taken or not ours";
        String kept = directory.isEmpty() ? "" : directory + " (queue.dir) is not writable or used by another gateway";
        return "the embedded broker did not start: " + place + (place.isEmpty() || kept.isEmpty() ? "" : ", or ")
                + kept;
    }
}
