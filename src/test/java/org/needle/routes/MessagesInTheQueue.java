package org.needle.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.needle.cli.Follower;
import org.needle.cli.RunningGateway;

/** The route {@code queue}, on the embedded broker and on another. */
class MessagesInTheQueue {
    private static final long PATIENCE_MS = 20_000;

    @TempDir
    private static Path folder;

    private static RunningGateway gateway;

    private Connection connection;
    private Session session;

    @BeforeAll
    static void start() throws Exception {
        gateway = RunningGateway.in(folder)
                .with("queue.port", "-1")
                .with("another.port", "-1")
                .with("queue.attempts", "2")
                .with("queue.delay", "50")
                .with("queue.retry", "100")
                .start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void connect() throws JMSException {
        open(new ActiveMQConnectionFactory("tcp://127.0.0.1:" + gateway.property("queue.port")));
    }

    private void open(ConnectionFactory factory) throws JMSException {
        connection = factory.createConnection();
        session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
        connection.start();
    }

    @AfterEach
    void disconnect() throws JMSException {
        connection.close();
    }

    private void send(Message message, String topic) throws JMSException {
        message.setStringProperty("topic", topic);
        session.createProducer(session.createQueue("events")).send(message);
    }

    private void send(String text, String topic) throws JMSException {
        send(session.createTextMessage(text), topic);
    }

    private Message dead() throws JMSException {
        try (MessageConsumer consumer = session.createConsumer(session.createQueue("DLQ"))) {
            return consumer.receive(PATIENCE_MS);
        }
    }

    @Test
    void aMessageNamesItsTopicAndEvent() throws Exception {
        TextMessage message = session.createTextMessage("{\"n\":1}");
        message.setStringProperty("event", "created");
        message.setStringProperty("CamelPushTopic", "stolen");
        message.setStringProperty("CamelPushEventId", "forged");
        send(message, "jms/named");
        try (Follower follower = gateway.follow("jms/named")) {
            JsonNode event = follower.events(1).get(0);
            assertThat(event.get("event").textValue()).isEqualTo("created");
            assertThat(event.get("data").textValue()).isEqualTo("{\"n\":1}");
        }
    }

    @Test
    void aMessageThatNamesNoTopicGoesToEvents() throws Exception {
        session.createProducer(session.createQueue("events")).send(session.createTextMessage("plain"));
        try (Follower follower = gateway.follow("events")) {
            assertThat(follower.data(1)).containsExactly("plain");
        }
    }

    @Test
    void bytesStayBytesAndOrderIsKept() throws Exception {
        BytesMessage bytes = session.createBytesMessage();
        bytes.writeBytes(new byte[] {(byte) 0xff, 1});
        send("first", "jms/order");
        send(bytes, "jms/order");
        send("last", "jms/order");
        try (Follower follower = gateway.follow("jms/order")) {
            assertThat(follower.data(3)).containsExactly("first", "/wE=", "last");
        }
    }

    @Test
    void whatCannotBePublishedGoesToTheDeadLetterQueue() throws Exception {
        send("poison", "not a topic");
        assertThat(((TextMessage) dead()).getText()).isEqualTo("poison");
        send("fine", "jms/after");
        try (Follower follower = gateway.follow("jms/after")) {
            assertThat(follower.data(1)).containsExactly("fine");
        }
    }

    /** Whoever can send to the queue must not be able to create objects here. */
    @Test
    void anObjectIsRefusedUnread() throws Exception {
        send(session.createObjectMessage(new Trap()), "jms/object");
        assertThat(dead().getStringProperty("topic")).isEqualTo("jms/object");
        assertThat(Trap.SPRUNG).isFalse();
    }

    private static final class Trap implements Serializable {
        private static final long serialVersionUID = 1;
        static final AtomicBoolean SPRUNG = new AtomicBoolean();

        private Object readResolve() {
            SPRUNG.set(true);
            return this;
        }
    }

    /** The gateway stops while a message is on its way to the log; whatever then happens to it, it must not be gone. */
    @Test
    void aMessageIsAcknowledgedOnlyWhenItsEventIsInTheLog(@TempDir Path own) throws Exception {
        RunningGateway.Plan plan = RunningGateway.in(own)
                .with("queue.port", "-1")
                .with("queue.dir", own.resolve("state").toString())
                .with("camel.main.shutdown-timeout", "1");
        try (RunningGateway first = plan.start()) {
            first.context().getRouteController().stopRoute("fanout");
            deliver("tcp://127.0.0.1:" + first.property("queue.port"), "events", "held");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> first.context().getInflightRepository().size("queue") == 1);
        }
        try (RunningGateway second = plan.start();
                Follower follower = second.follow("events")) {
            assertThat(follower.data(1)).containsExactly("held");
        }
    }

    @Test
    void anotherBrokerIsOnlyPropertiesAndMayGoAndComeBack(@TempDir Path own) throws Exception {
        String url = "tcp://127.0.0.1:" + gateway.property("another.port");
        EmbeddedActiveMQ broker = broker(url).start();
        try (RunningGateway other = RunningGateway.in(own)
                .with("queue.name", "orders")
                .with("queue.retry", "100")
                .with("camel.beans.queueBroker", "#class:" + ActiveMQConnectionFactory.class.getName())
                .with("camel.beans.queueBroker.brokerURL", url)
                .start()) {
            deliver(url, "orders", "before");
            try (Follower follower = other.follow("events")) {
                assertThat(follower.data(1)).containsExactly("before");
                broker.stop();
                awaitHealth(other, 503);
                assertThat(other.observe("/observe/health").body())
                        .contains("consumer:queue", "the broker of orders cannot be reached");
                broker = broker(url).start();
                awaitHealth(other, 200);
                deliver(url, "orders", "after");
                assertThat(follower.data(2)).containsExactly("before", "after");
            }
        } finally {
            broker.stop();
        }
    }

    private static void awaitHealth(RunningGateway gateway, int status) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> gateway.observe("/observe/health").statusCode() == status);
    }

    private static EmbeddedActiveMQ broker(String url) throws Exception {
        return new EmbeddedActiveMQ()
                .setConfiguration(new ConfigurationImpl()
                        .setSecurityEnabled(false)
                        .setPersistenceEnabled(false)
                        .setJMXManagementEnabled(false)
                        .addAcceptorConfiguration("tcp", url));
    }

    private static void deliver(String url, String queue, String text) throws JMSException {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url);
                Connection connection = factory.createConnection()) {
            Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            session.createProducer(session.createQueue(queue)).send(session.createTextMessage(text));
        }
    }
}
