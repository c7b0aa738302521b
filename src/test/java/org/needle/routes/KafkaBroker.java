package org.needle.routes;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.needle.cli.Ports;

/** A Kafka of one node in this process, on free ports. */
final class KafkaBroker implements AutoCloseable {
    private final int port;
    private final KafkaRaftServer server;

    private KafkaBroker(int port, KafkaRaftServer server) {
        this.port = port;
        this.server = server;
    }

    static KafkaBroker start(Path folder) throws IOException {
        int port = Ports.free();
        int controller = Ports.free();
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "controller.quorum.voters", "1@127.0.0.1:" + controller,
                "controller.listener.names", "CONTROLLER",
                "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller,
                "log.dirs", folder.resolve("logs").toString(),
                "num.partitions", "1",
                "offsets.topic.num.partitions", "1",
                "offsets.topic.replication.factor", "1",
                "group.initial.rebalance.delay.ms", "0"));
        StringWriter text = new StringWriter();
        properties.store(text, null);
        Path file = Files.writeString(folder.resolve("server.properties"), text.toString());
        String[] format = {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()};
        StorageTool.execute(format, new PrintStream(OutputStream.nullOutputStream()));
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
        server.startup();
        return new KafkaBroker(port, server);
    }

    /** What clients are told. */
    String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
