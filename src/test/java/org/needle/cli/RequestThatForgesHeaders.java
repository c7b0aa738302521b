package org.needle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that a client writes into headers or query steers a component of Camel, wherever it comes in. */
class RequestThatForgesHeaders {
    private static final String VALUE = "forged";
    private static final List<String> NAMES = List.of(
            "CamelFileName",
            "camelfilename",
            "CAMELHTTPURI",
            "cAmElHttpResponseCode",
            "CamelPushTopic",
            "camelpushsubject",
            "CamelJmsDestinationName",
            "CamelExecCommandExecutable",
            "org.apache.camel.component.x",
            "Org.Apache.Camel.x",
            "kafka.TOPIC",
            "KAFKA.override",
            "kafka.OVERRIDE_TOPIC",
            "websocket.connectionKey",
            "WebSocket.sendToAll",
            "jsr356.producer.session.incoming.use",
            "operationName",
            "OPERATIONNAME",
            "operationNamespace");

    @TempDir
    private static Path folder;

    private static RunningGateway gateway;
    private static final BlockingQueue<Map<String, Object>> SEEN = new LinkedBlockingQueue<>();

    @BeforeAll
    static void start() throws Exception {
        gateway = RunningGateway.in(folder)
                .with("camel.component.push.port", Integer.toString(Ports.free()))
                .start();
        gateway.context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("push:chat").process(RequestThatForgesHeaders::note);
                from("websocket-jsr356:/plain").process(RequestThatForgesHeaders::note);
                from("netty-http:http://127.0.0.1:" + gateway.open().getPort() + "/http")
                        .process(RequestThatForgesHeaders::note);
            }
        });
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    private static void note(Exchange exchange) {
        Map<String, Object> all = new TreeMap<>(exchange.getMessage().getHeaders());
        exchange.getProperties().forEach((name, value) -> all.put("property " + name, value));
        SEEN.add(all);
    }

    private static String query() {
        return NAMES.stream().map(name -> name + "=" + VALUE).collect(Collectors.joining("&"));
    }

    private static String head() {
        return NAMES.stream().map(name -> name + ": " + VALUE + "\r\n").collect(Collectors.joining());
    }

    private static String post(URI base, String target) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), base.getPort())) {
            socket.setSoTimeout(20_000);
            String request = "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + head()
                    + "X-Honest: yes\r\nContent-Length: 1\r\n\r\nx";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Map<String, Object> unforged() throws InterruptedException {
        Map<String, Object> seen = SEEN.poll(20, TimeUnit.SECONDS);
        assertThat(seen).isNotNull();
        Map<String, Object> told = new TreeMap<>(seen);
        told.keySet().removeAll(List.of("CamelHttpQuery", "CamelHttpRawQuery", "CamelHttpUri", "CamelHttpUrl"));
        assertThat(told.values()).noneMatch(value -> String.valueOf(value).contains(VALUE));
        assertThat(seen.keySet())
                .doesNotContainAnyElementsOf(List.of("kafka.TOPIC", "websocket.connectionKey", "operationName"));
        return seen;
    }

    @Test
    void isHonestToTheRouteThatTakesMessages() throws Exception {
        assertThat(post(gateway.open(), "/events?topic=chat&" + query())).startsWith("HTTP/1.1 202 ");
        assertThat(unforged()).containsEntry("CamelPushTopic", "chat").doesNotContainKey("X-Honest");
    }

    @Test
    void isHonestToTheRouteThatTakesMessagesOfWebSockets() throws Exception {
        WebSocket socket = open("/events?topic=x&" + query());
        String frame =
                "{\"topic\":\"chat\",\"data\":\"x\",\"CamelFileName\":\"forged\",\"headers\":{\"kafka.TOPIC\":\"forged\"}}";
        socket.sendText(frame, true).get(20, TimeUnit.SECONDS);
        assertThat(unforged()).containsEntry("CamelPushTopic", "chat");
        socket.abort();
    }

    @Test
    void isHonestToTheRouteOfAPlainWebSocket() throws Exception {
        WebSocket socket = open("/plain?" + query());
        socket.sendText("x", true).get(20, TimeUnit.SECONDS);
        assertThat(unforged()).containsKey("jsr356.session").doesNotContainKey("jsr356.producer.session.incoming.use");
        socket.abort();
    }

    @Test
    void isHonestToAnOrdinaryRouteOnThePublicPort() throws Exception {
        assertThat(post(gateway.open(), "/http?good=1&" + query())).startsWith("HTTP/1.1 200 ");
        assertThat(unforged())
                .as("what steers nothing comes through")
                .containsEntry("X-Honest", "yes")
                .containsEntry("good", "1");
    }

    @Test
    void isHonestToTheRouteThatIngests() throws Exception {
        assertThat(post(gateway.ingest(), "/ingest/honest?" + query())).startsWith("HTTP/1.1 202 ");
        try (Follower honest = gateway.follow("honest");
                Follower forged = gateway.follow(VALUE)) {
            assertThat(honest.data(1)).containsExactly("x");
            assertThat(forged.soFar()).isEmpty();
        }
    }

    private static WebSocket open(String target) throws Exception {
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        NAMES.forEach(name -> builder.header(name, VALUE));
        URI uri = URI.create("ws" + gateway.open().toString().substring(4) + target);
        return builder.buildAsync(uri, new WebSocket.Listener() {}).get(20, TimeUnit.SECONDS);
    }
}
