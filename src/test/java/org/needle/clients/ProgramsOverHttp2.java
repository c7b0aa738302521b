package org.needle.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.BufferedSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.conformance.OpenEdge;
import org.needle.conformance.TestKeys;

/** curl, nghttp and OkHttp follow a topic through the TLS port. */
@Tag("clients")
@Timeout(120)
class ProgramsOverHttp2 {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int EVENTS = 50;

    @TempDir
    private static Path home;

    private static TestKeys keys;
    private static OpenEdge edge;

    @BeforeAll
    static void start() {
        keys = new TestKeys(home);
        edge = OpenEdge.start(plan -> plan.tls(keys.keys()));
    }

    @AfterAll
    static void stop() {
        edge.close();
    }

    private static String url(String topic) {
        return "https://127.0.0.1:" + edge.tlsPort() + "/events?topic=" + topic;
    }

    private static List<String> publish(String topic) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            edge.publish(topic, "number " + i);
            all.add("number " + i);
        }
        return all;
    }

    private static List<String> data(String output) {
        return output.lines()
                .filter(line -> line.startsWith("data: number "))
                .map(line -> line.substring(6))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl -sSkN --http2 -i", "stdbuf -o0 nghttp --no-dep --header=accept:text/event-stream"})
    void getEverythingWhileTheStreamStaysOpen(String command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(command.split(" ")));
        String topic = all.get(0);
        all.set(0, Program.find(topic).toString());
        all.add(url(topic));
        Path output = home.resolve(topic);
        Process process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            await().atMost(LONG).until(() -> Files.readString(output).contains("needle-hello"));
            List<String> published = publish(topic);
            await().atMost(LONG).until(() -> data(Files.readString(output)).size() >= EVENTS);
            assertThat(data(Files.readString(output))).isEqualTo(published);
            assertThat(process.isAlive()).isTrue();
            if (topic.equals("curl")) {
                assertThat(Files.readString(output)).startsWith("HTTP/2 200");
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static OkHttpClient okHttp() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("needle", keys.certificate());
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return new OkHttpClient.Builder()
                .sslSocketFactory(
                        TestKeys.trusting().getSocketFactory(), (X509TrustManager) factory.getTrustManagers()[0])
                .hostnameVerifier((host, session) -> true)
                .readTimeout(LONG)
                .build();
    }

    @Test
    void areOkHttpTooWithSseOverHttp2() throws Exception {
        OkHttpClient client = okHttp();
        Request request = new Request.Builder()
                .url(url("okhttp"))
                .header("Accept", "text/event-stream")
                .build();
        try (Response response = client.newCall(request).execute()) {
            assertThat(response.protocol()).isEqualTo(Protocol.HTTP_2);
            BufferedSource source = response.body().source();
            List<String> published = publish("okhttp");
            List<String> seen = new ArrayList<>();
            while (seen.size() < EVENTS) {
                seen.addAll(data(source.readUtf8LineStrict()));
            }
            assertThat(seen).isEqualTo(published);
        }
    }

    @Test
    void areOkHttpTooWithItsWebSocket() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        WebSocket socket = okHttp().newWebSocket(
                        new Request.Builder().url(url("okhttp-ws")).build(), new WebSocketListener() {
                            @Override
                            public void onMessage(WebSocket open, String text) {
                                seen.add(text.replaceAll(".*\"data\":\"([^\"]*)\".*", "data: $1"));
                            }
                        });
        await().atMost(LONG).until(() -> !seen.isEmpty());
        List<String> published = publish("okhttp-ws");
        await().atMost(LONG).until(() -> data(String.join("\n", seen)).size() >= EVENTS);
        assertThat(data(String.join("\n", seen))).isEqualTo(published);
        socket.cancel();
    }
}
