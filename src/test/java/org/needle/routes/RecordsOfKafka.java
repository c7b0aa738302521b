package org.needle.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.needle.cli.Follower;
import org.needle.cli.RunningGateway;

/** The recipe {@code kafka}: a record's offset is committed when its event is in the log, or has arrived. */
@Timeout(180)
class RecordsOfKafka {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private static Path brokers;

    private static KafkaBroker broker;
    private static KafkaProducer<String, String> producer;
    private static KafkaConsumer<String, String> observer;

    @TempDir
    private Path folder;

    private RunningGateway gateway;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = KafkaBroker.start(brokers);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.address()), new StringSerializer(), new StringSerializer());
        observer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.address(), "group.id", "needle"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    @AfterAll
    static void stopBroker() {
        producer.close();
        observer.close();
        broker.close();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private void start(String topic, String confirm) throws Exception {
        RunningGateway.Plan plan = RunningGateway.in(folder)
                .routes()
                .with("queue.name", "")
                .with("kafka.brokers", broker.address())
                .with("kafka.topic", topic)
                .with("kafka.push-topic", topic)
                .with("kafka.confirm", confirm)
                .with("kafka.confirm-timeout", "1s");
        Path recipe = Path.of("src/docs/recipes/kafka.camel.yaml");
        Path copy = folder.resolve("routes").resolve(recipe.getFileName());
        if (!Files.exists(copy)) {
            Files.copy(recipe, copy);
        }
        gateway = plan.start();
    }

    private static void send(String topic, String value) throws Exception {
        producer.send(new ProducerRecord<>(topic, value)).get(30, TimeUnit.SECONDS);
    }

    /** How many records of a topic the gateway is done with. */
    private static long committed(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        OffsetAndMetadata offset = observer.committed(Set.of(partition)).get(partition);
        return offset == null ? 0 : offset.offset();
    }

    @Test
    void areDoneWithWhenTheLogHasTheirEvents() throws Exception {
        start("logged", "none");
        for (String value : new String[] {"1", "2", "3"}) {
            send("logged", value);
        }
        try (Follower follower = gateway.follow("logged")) {
            assertThat(follower.data(3)).containsExactly("1", "2", "3");
        }
        await().atMost(LONG).until(() -> committed("logged") == 3);
    }

    @Test
    void areReadAgainUntilEverybodyHasTheirEventsAndPublishNothingNew() throws Exception {
        start("waiting", "all");
        try (Listener anne = Listener.to(gateway, "waiting");
                Deaf bert = Deaf.to(gateway, "waiting")) {
            send("waiting", "1");
            await().atMost(LONG).until(() -> bert.events() == 1);
            Duration twice = Duration.ofMillis(3_500); // given up at least twice
            await().pollDelay(twice).atMost(LONG).until(() -> committed("waiting") == 0);
            bert.confirm();
            await().atMost(LONG).until(() -> committed("waiting") == 1);
            send("waiting", "2");
            await().atMost(LONG).until(() -> bert.events() == 2);
            bert.confirm();
            await().atMost(LONG).until(() -> committed("waiting") == 2);
            assertThat(anne.data()).containsExactly("1", "2");
        }
    }

    @Test
    void thatWereNotDoneWithComeBackAfterARestart() throws Exception {
        start("restarted", "any");
        send("restarted", "1");
        try (Follower follower = gateway.follow("restarted")) { // sends no receipts
            assertThat(follower.data(1)).containsExactly("1");
        }
        assertThat(committed("restarted")).isZero();
        gateway.close();
        start("restarted", "any");
        try (Listener anne = Listener.to(gateway.open(), "restarted")) {
            await().atMost(LONG).until(() -> committed("restarted") == 1);
            assertThat(anne.data()).containsExactly("1");
        }
    }
}
