package org.needle.routes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/** A persistent Artemis in a process of its own. It tries a message for ever. */
final class BrokerProcess implements AutoCloseable {
    private static final String UP = "up";

    private final Process process;
    private final String url;

    private BrokerProcess(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    static BrokerProcess start(Path folder, int port) throws IOException {
        String url = "tcp://127.0.0.1:" + port;
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerProcess.class.getName(),
                        folder.toString(),
                        url)
                .redirectErrorStream(true)
                .start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = lines.readLine(); !UP.equals(line); line = lines.readLine()) {
            if (line == null) {
                throw new IOException("the broker did not start: " + said);
            }
            said.append(line).append('\n');
        }
        Thread reader = new Thread(() -> lines.lines().forEach(line -> {}), "broker's output");
        reader.setDaemon(true);
        reader.start();
        return new BrokerProcess(process, url);
    }

    /** The broker: a folder and a URL. */
    public static void main(String... arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        new EmbeddedActiveMQ()
                .setConfiguration(new ConfigurationImpl()
                        .setSecurityEnabled(false)
                        .setJMXManagementEnabled(false)
                        .setPersistenceEnabled(true)
                        .setJournalDirectory(folder.resolve("journal").toString())
                        .setBindingsDirectory(folder.resolve("bindings").toString())
                        .setLargeMessagesDirectory(folder.resolve("large").toString())
                        .setPagingDirectory(folder.resolve("paging").toString())
                        .addAddressSetting(
                                "#",
                                new AddressSettings()
                                        .setMaxDeliveryAttempts(-1)
                                        .setAutoDeleteQueues(false)
                                        .setAutoDeleteAddresses(false))
                        .addAcceptorConfiguration("tcp", arguments[1]))
                .start();
        System.out.println(UP);
    }

    String url() {
        return url;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
