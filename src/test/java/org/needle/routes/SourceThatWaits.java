package org.needle.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.jms.Connection;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.needle.cli.Follower;
import org.needle.cli.RunningGateway;

/** {@code inbox.confirm}, {@code queue.confirm} and {@code ingest.confirm}: input is done when its event has arrived. */
class SourceThatWaits {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ATTEMPTS = 3;

    @TempDir
    private static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = RunningGateway.in(folder)
                .with("inbox.confirm", "all")
                .with("inbox.confirm-timeout", "2s")
                .with("queue.confirm", "all")
                .with("queue.confirm-timeout", "1s")
                .with("queue.port", "-1")
                .with("queue.delay", "50")
                .with("queue.attempts", "" + ATTEMPTS)
                .with("ingest.confirm", "all")
                .with("ingest.confirm-timeout", "1s")
                .start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static List<String> kept(String topic, int atLeast) {
        try (Follower follower = gateway.follow(topic)) {
            return follower.data(atLeast);
        }
    }

    private static Path inbox(String name) {
        return gateway.inbox().resolve(name);
    }

    private static void arrives(Path file) {
        await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(file));
    }

    @Test
    void aFileIsDoneWhenEverybodyHasItsEvent() throws Exception {
        try (Listener anne = Listener.to(gateway, "done")) {
            gateway.drop("done/a.json", "1");
            arrives(inbox("done/.done/a.json"));
            assertThat(anne.data()).containsExactly("1");
        }
    }

    @Test
    void aFileThatSomebodyHasNotConfirmedFailsAndMovedBackWaitsForTheSameEvent() throws Exception {
        Path failed = inbox("deaf/.failed/a.json");
        try (Deaf deaf = Deaf.to(gateway, "deaf")) {
            gateway.drop("deaf/a.json", "1");
            arrives(failed);
            assertThat(inbox("deaf/.failed/a.json.reason.txt"))
                    .content()
                    .contains("1 of 1 sessions have not confirmed");
            assertThat(kept("deaf", 1)).containsExactly("1");
            deaf.confirm();
            Files.move(failed, inbox("deaf/a.json"));
            arrives(inbox("deaf/.done/a.json"));
        }
        assertThat(kept("deaf", 1)).containsExactly("1");
    }

    @Test
    void aFileOfLinesWaitsForItsLastLine() throws Exception {
        Path failed = inbox("lines/.failed/a.csv");
        try (Deaf deaf = Deaf.to(gateway, "lines")) {
            gateway.drop("lines/a.csv", "1\n\n2\n3\n\n");
            arrives(failed);
            assertThat(inbox("lines/.failed/a.csv.reason.txt")).content().doesNotContain("line ");
            deaf.confirm();
            Files.move(failed, inbox("lines/a.csv"));
            arrives(inbox("lines/.done/a.csv"));
        }
        assertThat(kept("lines", 3)).containsExactly("1", "2", "3");
    }

    @Test
    void aFileWithoutALineIsDone() throws Exception {
        gateway.drop("empty/a.ndjson", "\n\n");
        arrives(inbox("empty/.done/a.ndjson"));
    }

    @Test
    void aRequestIsAnsweredWhenEverybodyHasItsEvent() throws Exception {
        try (Listener anne = Listener.to(gateway, "answered")) {
            HttpResponse<String> answer = gateway.post("/ingest/answered", "1");
            assertThat(answer.statusCode()).isEqualTo(202);
            assertThat(anne.data()).containsExactly("1");
        }
    }

    @Test
    void aRequestWhoseEventSomebodyHasNotConfirmedIsToldSoAndItsRepeatWaitsForTheSameEvent() throws Exception {
        try (Deaf deaf = Deaf.to(gateway, "asked")) {
            HttpResponse<String> answer = gateway.post("/ingest/asked", "1", "Idempotency-Key", "k");
            JsonNode problem = JSON.readTree(answer.body());
            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
            assertThat(problem.get("title").textValue()).contains("1 of 1 sessions have not confirmed");
            deaf.confirm();
            HttpResponse<String> repeat = gateway.post("/ingest/asked", "1", "Idempotency-Key", "k");
            assertThat(repeat.statusCode()).isEqualTo(202);
            assertThat(JSON.readTree(repeat.body()).get("id")).isEqualTo(problem.get("id"));
        }
        assertThat(kept("asked", 1)).containsExactly("1");
    }

    @Test
    void aMessageIsAcknowledgedWhenEverybodyHasItsEventAndElseRolledBack() throws Exception {
        try (Deaf deaf = Deaf.to(gateway, "queued");
                Deaf forever = Deaf.to(gateway, "rolled-back");
                Connection connection = new ActiveMQConnectionFactory(
                                "tcp://127.0.0.1:" + gateway.property("queue.port"))
                        .createConnection()) {
            Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            connection.start();
            for (String topic : List.of("queued", "rolled-back")) {
                Message message = session.createTextMessage("1");
                message.setStringProperty("topic", topic);
                session.createProducer(session.createQueue("events")).send(message);
            }
            deaf.confirm();
            MessageConsumer dead = session.createConsumer(session.createQueue("DLQ"));
            assertThat(dead.receive(20_000).getStringProperty("topic")).isEqualTo("rolled-back");
            assertThat(dead.receive(ATTEMPTS * 2_000)).as("confirmed before").isNull();
            assertThat(forever.events()).isEqualTo(1);
        }
        assertThat(kept("queued", 1)).containsExactly("1");
        assertThat(kept("rolled-back", 1)).containsExactly("1");
    }
}
