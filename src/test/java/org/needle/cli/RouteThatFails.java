package org.needle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client learns that it failed and nothing of how: no class, no message of an exception, no line of a stack. */
class RouteThatFails {
    private static final String ROUTE =
            """
            - route:
                id: %s
                from:
                  uri: %s
                  steps:
                    - throwException: { exceptionType: java.lang.IllegalStateException, message: secret detail }
            """;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        Path routes = Files.createDirectories(folder.resolve("routes"));
        int port = Ports.free();
        Files.writeString(routes.resolve("fanout.camel.yaml"), ROUTE.formatted("fanout", "direct:fanout"));
        Files.writeString(
                routes.resolve("failing.camel.yaml"),
                ROUTE.formatted("http", "netty-http:http://127.0.0.1:" + port + "/http")
                        + ROUTE.formatted("push", "push:boom")
                        + ROUTE.formatted("plain", "websocket-jsr356:/boom"));
        gateway = RunningGateway.in(folder)
                .with("camel.component.push.port", Integer.toString(port))
                .start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static void tellsNothing(String answer) {
        assertThat(answer)
                .doesNotContain("Exception", "at org.", "at java.", "org.apache", "org.needle", "secret detail");
    }

    private static void fails(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isIn(500, 503);
        tellsNothing(answer.body());
        tellsNothing(answer.headers().map().toString());
    }

    private static HttpResponse<String> post(URI uri) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void tellsNothingToAClientOfThePublicPort() throws Exception {
        fails(post(gateway.open().resolve("/http")));
        HttpRequest get =
                HttpRequest.newBuilder(gateway.open().resolve("/http")).build();
        fails(CLIENT.send(get, HttpResponse.BodyHandlers.ofString()));
    }

    @Test
    void tellsNothingToAClientThatSendsAMessage() throws Exception {
        fails(post(gateway.open().resolve("/events?topic=boom")));
    }

    @Test
    void tellsNothingToOneThatIngests() throws Exception {
        fails(gateway.post("/ingest/boom", "x"));
    }

    @Test
    void tellsNothingToAWebSocket() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        WebSocket socket = open("/events?topic=t", received);
        socket.sendText("{\"topic\":\"boom\",\"data\":\"x\"}", true).get(20, TimeUnit.SECONDS);
        String answer = received.poll(20, TimeUnit.SECONDS);
        while (answer != null && !answer.contains("\"refused\"")) {
            answer = received.poll(20, TimeUnit.SECONDS);
        }
        assertThat(answer).contains("\"status\":500");
        tellsNothing(String.valueOf(answer));
        socket.abort();
    }

    @Test
    void tellsNothingToAPlainWebSocket() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        WebSocket socket = open("/boom", received);
        socket.sendText("x", true).get(20, TimeUnit.SECONDS);
        socket.sendText("y", true).get(20, TimeUnit.SECONDS);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(20, TimeUnit.SECONDS);
        assertThat(received.poll(20, TimeUnit.SECONDS))
                .as("nothing before the close")
                .isEqualTo("close 1000 ");
    }

    private static WebSocket open(String target, BlockingQueue<String> received) throws Exception {
        URI uri = URI.create("ws" + gateway.open().toString().substring(4) + target);
        return CLIENT.newWebSocketBuilder()
                .buildAsync(uri, new Recorder(received))
                .get(20, TimeUnit.SECONDS);
    }

    private record Recorder(BlockingQueue<String> received) implements WebSocket.Listener {
        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            received.add(data.toString());
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            received.add("close " + code + " " + reason);
            return null;
        }
    }
}
