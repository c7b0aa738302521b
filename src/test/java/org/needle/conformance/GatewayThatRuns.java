package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.edge.Transport;

/** The whole product with its ready routes, and a few more that a user might add. */
class GatewayThatRuns {
    /** Answers on the same socket, tells what headers a client's message came with, and what a web request came with. */
    private static final String MORE_ROUTES =
            """
            - route:
                from:
                  uri: websocket-jsr356:/echo
                  steps:
                    - setHeader:
                        name: jsr356.producer.session.incoming.use
                        constant: "true"
                    - to: websocket-jsr356:/echo
            - route:
                from:
                  uri: push:told/*
                  steps:
                    - setBody:
                        simple: "${headers}"
                    - to: push:headers
            """;

    @TempDir
    private static Path home;

    private static RunningGateway gateway;

    @BeforeAll
    @Timeout(120)
    static void start() throws IOException {
        RunningGateway.prepare(home);
        Files.writeString(home.resolve("routes/more.camel.yaml"), MORE_ROUTES);
        gateway = RunningGateway.start(home);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static List<Subscriber> subscribersOfEveryKind(String topic) {
        Ask ask = Ask.of(gateway.port(), topic).with("envelope=json").from("earliest");
        List<Subscriber> all = new ArrayList<>();
        for (Transport transport : Transport.values()) {
            all.add(Subscriber.open(transport, ask));
        }
        all.add(new TyrusSubscriber(ask));
        return all;
    }

    @Test
    void takesFilesPostsAndJmsMessagesToSubscribersOfEveryKindOnceAndInTheSameOrder() {
        List<Subscriber> all = subscribersOfEveryKind("same/one");
        try {
            List<String> expected = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                gateway.drop("same/one/" + round + ".txt", "file " + round);
                expected.add("file " + round);
                all.get(0).awaitEvents(expected.size());
                HttpResponse<String> posted = gateway.post("same/one", "post " + round);
                assertThat(posted.statusCode()).isEqualTo(202);
                expected.add("post " + round);
                all.get(0).awaitEvents(expected.size());
                assertThat(posted.body()).contains(all.get(0).position());
                gateway.send("same/one", "jms " + round);
                expected.add("jms " + round);
                all.get(0).awaitEvents(expected.size());
            }
            gateway.post("same/one", "end");
            expected.add("end");
            for (Subscriber subscriber : all) {
                subscriber.awaitEvents(expected.size());
                assertThat(subscriber.data()).as(subscriber.toString()).isEqualTo(expected);
                assertThat(subscriber.ids())
                        .as(subscriber.toString())
                        .isEqualTo(all.get(0).ids());
            }
        } finally {
            all.forEach(Subscriber::close);
        }
    }

    @Test
    void doesNotPublishTwiceWhatHasTheSameKey() {
        HttpResponse<String> first = gateway.post("keyed", "one", "Idempotency-Key", "k-1");
        HttpResponse<String> again = gateway.post("keyed", "one", "Idempotency-Key", "k-1");
        gateway.post("keyed", "two", "Idempotency-Key", "k-2");
        assertThat(again.body()).isEqualTo(first.body());
        Ask ask = Ask.of(gateway.port(), "keyed").from("earliest");
        try (Subscriber subscriber = Subscriber.open(Transport.STREAM, ask)) {
            subscriber.awaitEvents(2);
            assertThat(subscriber.data()).containsExactly("one", "two");
        }
    }

    @Test
    void neverTakesCamelHeadersFromClients() {
        Ask ask = Ask.of(gateway.port(), "headers").from("earliest");
        try (Subscriber subscriber = Subscriber.open(Transport.STREAM, ask);
                Wire wire = new Wire(gateway.port())) {
            Wire.Answer answer = wire.post(
                            "/events?topic=told/x&CamelPushTopic=forged-1&camelfilename=forged-2&operationName=forged-3",
                            "hello",
                            "CamelPushTopic: forged-4",
                            "cAMELfILEnAME: forged-5",
                            "org.apache.camel.x: forged-6",
                            "kafka.TOPIC: forged-7",
                            "websocket.connectionKey: forged-8",
                            "operationName: forged-9",
                            "jsr356.session: forged-10",
                            "X-Mine: forged-11")
                    .answer();
            assertThat(answer.status()).as(answer.body()).isEqualTo(202);
            subscriber.awaitEvents(1);
            assertThat(subscriber.data().get(0))
                    .doesNotContain("forged")
                    .contains("CamelPushTopic=told/x")
                    .contains("CamelPushTransport");
        }
    }

    @Test
    void letsNoHeaderOfAPostChooseTheTopic() {
        Ask ask = Ask.of(gateway.port(), "**").from("earliest").with("envelope=json");
        HttpResponse<String> posted = gateway.post(
                "ingest/told?CamelPushTopic=forged/1&CamelPushEventName=forged",
                "x",
                "CamelPushTopic",
                "forged/2",
                "camelpushtopic",
                "forged/3",
                "CamelPushEventName",
                "forged");
        assertThat(posted.statusCode()).isEqualTo(202);
        assertThat(posted.headers().map().toString()).doesNotContain("forged");
        try (Subscriber subscriber = Subscriber.open(Transport.STREAM, ask)) {
            Subscriber.soon().until(() -> subscriber.events().stream()
                    .anyMatch(f -> f.topic().equals("ingest/told") && f.event().isEmpty()));
            assertThat(subscriber.events()).noneMatch(f -> f.topic().startsWith("forged"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a//b", "a%20b", "a%0Ab", "", "*"})
    void refusesAPostToAnImpossibleTopicWithoutAStackTrace(String topic) {
        HttpResponse<String> posted = gateway.post(topic, "x");
        assertThat(posted.statusCode()).isBetween(400, 404);
        assertThat(posted.body()).doesNotContain("Exception").doesNotContain("\tat ");
    }

    @Test
    void echoesTextAsTextAndBinaryAsBinary() {
        List<Object> received = new CopyOnWriteArrayList<>();
        WebSocket.Listener listener = new WebSocket.Listener() {
            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                received.add(data.toString());
                socket.request(1);
                return null;
            }

            @Override
            public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
                received.add(data);
                socket.request(1);
                return null;
            }
        };
        URI uri = URI.create("ws://127.0.0.1:" + gateway.port() + "/echo");
        WebSocket socket = HttpSubscriber.CLIENT
                .newWebSocketBuilder()
                .buildAsync(uri, listener)
                .join();
        socket.sendText("text \ud83d\ude00", true).join();
        socket.sendBinary(ByteBuffer.wrap(new byte[] {0, (byte) 0xff, 10}), true)
                .join();
        socket.sendText("", true).join();
        Subscriber.soon().until(() -> received.size() >= 3);
        socket.abort();
        assertThat(received).containsExactly("text \ud83d\ude00", ByteBuffer.wrap(new byte[] {0, (byte) 0xff, 10}), "");
    }

    @Test
    void isHealthyAndCountsOnTheManagementPort() {
        Wire.Answer health = Wire.ask(gateway.managementPort(), "GET /observe/health HTTP/1.1");
        assertThat(health.status()).isEqualTo(200);
        JsonNode json = health.json();
        assertThat(json.path("status").asText()).isEqualTo("UP");
        Wire.Answer metrics = Wire.ask(gateway.managementPort(), "GET /observe/metrics HTTP/1.1");
        assertThat(metrics.status()).isEqualTo(200);
        assertThat(metrics.body()).contains("needle");
        assertThat(Wire.ask(gateway.port(), "GET /observe/health HTTP/1.1").status())
                .as("not on the public port")
                .isEqualTo(404);
    }
}
