package org.needle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators see, and nobody else: not a page whose host name has come to mean this machine either. */
class ManagementPort {
    @TempDir
    private static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = RunningGateway.in(folder).start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static int port() {
        return gateway.management().getPort();
    }

    private static String ask(String path, String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(20_000);
            String request = "GET " + path + " HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String metrics() throws IOException {
        return ask("/observe/metrics", "Host: localhost\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: evil.example\r\n",
                "Host: evil.example:9876\r\n",
                "Host: localhost.evil.example\r\n",
                "Host: 127.0.0.1.evil.example\r\n",
                "Host: 192.168.0.1\r\n",
                "Host: 2130706433.evil.example\r\n",
                "Host:\r\n",
                ""
            })
    void tellsNothingToOneThatAsksForAnotherHost(String host) throws IOException {
        for (String path : List.of("/observe/metrics", "/observe/health", "/", "/observe")) {
            assertThat(ask(path, host)).matches("(?s)HTTP/1\\.1 4(00|21) .*").doesNotContain("needle_", "UP");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "[::1]"})
    void answersThoseThatAskForThisMachine(String host) throws IOException {
        for (String name : List.of(host, host + ":" + port())) {
            assertThat(ask("/observe/metrics", "Host: " + name + "\r\n"))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("needle_subscribers");
            assertThat(ask("/observe/health", "Host: " + name + "\r\n")).startsWith("HTTP/1.1 200 ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/q/dev",
                "/q/info",
                "/observe/dev",
                "/observe/info",
                "/dev",
                "/q/jolokia",
                "/q/upload/x",
                "/q/send/"
            })
    void hasNoConsole(String path) throws IOException {
        assertThat(ask(path, "Host: localhost\r\n")).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void measuresNothingByTopicSessionOrAddress() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        use(client, "first");
        Set<String> before = series();
        assertThat(before).anyMatch(each -> each.startsWith("needle_subscribers"));
        for (int i = 0; i < 20; i++) {
            use(client, "topic-" + i);
        }
        assertThat(series()).isEqualTo(before);
        assertThat(metrics()).doesNotContain("topic-", "session-of-", "10.9.8.");
    }

    private static void use(HttpClient client, String topic) throws Exception {
        gateway.post("/ingest/" + topic, "x");
        URI poll = gateway.open()
                .resolve("/events?transport=poll&wait=0&topic=" + topic + "&session=session-of-" + topic + "-12345678");
        HttpRequest request = HttpRequest.newBuilder(poll)
                .header("X-Forwarded-For", "10.9.8." + topic.length())
                .build();
        client.send(request, HttpResponse.BodyHandlers.ofString());
        URI nowhere = gateway.open().resolve("/nowhere/" + topic);
        client.send(HttpRequest.newBuilder(nowhere).build(), HttpResponse.BodyHandlers.ofString());
        HttpRequest message = HttpRequest.newBuilder(gateway.open().resolve("/events?topic=" + topic))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        client.send(message, HttpResponse.BodyHandlers.ofString());
    }

    /** Names with labels, of what is ours and what is by route; the JVM's own come and go. */
    private static Set<String> series() throws IOException {
        return metrics()
                .lines()
                .filter(line -> line.startsWith("needle_") || line.startsWith("camel_"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .collect(Collectors.toSet());
    }
}
