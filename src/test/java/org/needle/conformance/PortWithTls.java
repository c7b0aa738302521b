package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.edge.PemKeys;

/** The public port with TLS: HTTP/1.1 and HTTP/2, and certificates that change. */
class PortWithTls {
    private static final int HANDSHAKE = 22;
    private static final int ALERT = 21;
    private static final int PROTOCOL_VERSION = 70;

    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private TestKeys first;
    private PemKeys keys;
    private OpenEdge edge;

    @BeforeEach
    void start() {
        first = new TestKeys(folder);
        keys = first.writeTo(folder);
        edge = OpenEdge.start(plan -> plan.tls(keys));
    }

    @AfterEach
    void stop() {
        edge.close();
    }

    private HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder()
                .sslContext(TestKeys.trusting())
                .version(version)
                .build();
    }

    private HttpRequest.Builder get(String path) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + edge.tlsPort() + path))
                .timeout(LONG);
    }

    private HttpResponse<Stream<String>> follow(HttpClient client, String accept) throws Exception {
        return client.send(
                get("/events?topic=t&envelope=json").header("Accept", accept).build(), BodyHandlers.ofLines());
    }

    /** The data of the next events on a stream of lines. */
    private static List<String> data(Iterator<String> lines, int count) {
        return Stream.generate(lines::next)
                .filter(line -> line.contains("\"data\":\""))
                .limit(count)
                .map(line -> line.replaceAll(".*\"data\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    private static void awaitHello(Iterator<String> lines) {
        while (!lines.next().contains("\"hello\"")) {
            assertThat(lines.hasNext()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void carriesStreamsAndPolls(HttpClient.Version version) throws Exception {
        HttpClient client = client(version);
        for (String accept : List.of("text/event-stream", "application/x-ndjson")) {
            HttpResponse<Stream<String>> stream = follow(client, accept);
            assertThat(stream.version()).isEqualTo(version);
            assertThat(stream.statusCode()).isEqualTo(200);
            assertThat(stream.headers().firstValue("content-type")).hasValue(accept);
            Iterator<String> lines = stream.body().iterator();
            awaitHello(lines);
            List<String> sent =
                    IntStream.range(0, 500).mapToObj(Integer::toString).toList();
            sent.forEach(number -> edge.publish("t", number));
            assertThat(data(lines, sent.size())).isEqualTo(sent);
        }
        HttpResponse<String> poll = client.send(
                get("/events?topic=t&transport=poll&position=earliest").build(), BodyHandlers.ofString());
        assertThat(poll.version()).isEqualTo(version);
        assertThat(poll.body()).contains("\"hello\"", "\"499\"");
    }

    @Test
    void carriesManyStreamsOnOneConnection() throws Exception {
        HttpClient client = client(HttpClient.Version.HTTP_2);
        client.send(get("/info").build(), BodyHandlers.ofString()); // opens the connection
        List<HttpResponse<Stream<String>>> streams = Stream.generate(() ->
                        client.sendAsync(get("/events?topic=t&envelope=json").build(), BodyHandlers.ofLines()))
                .limit(120)
                .toList()
                .stream()
                .map(answer -> answer.orTimeout(20, TimeUnit.SECONDS).join())
                .toList();
        edge.publish("t", "for all");
        for (HttpResponse<Stream<String>> stream : streams) {
            assertThat(data(stream.body().iterator(), 1)).containsExactly("for all");
        }
        assertThat(edge.meter("needle.connections")).isEqualTo(1);
        assertThat(edge.meter("needle.subscribers")).isEqualTo(120);
    }

    @Test
    void carriesAWebSocket() throws Exception {
        LinkedBlockingQueue<String> texts = new LinkedBlockingQueue<>();
        WebSocket socket = client(HttpClient.Version.HTTP_1_1)
                .newWebSocketBuilder()
                .buildAsync(
                        URI.create("wss://127.0.0.1:" + edge.tlsPort() + "/events?topic=t"), new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                                texts.add(text.toString());
                                from.request(1);
                                return null;
                            }
                        })
                .get(20, TimeUnit.SECONDS);
        assertThat(texts.poll(20, TimeUnit.SECONDS)).contains("hello");
        edge.publish("t", "secret");
        assertThat(texts.poll(20, TimeUnit.SECONDS)).contains("secret");
        socket.abort();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void answersProblemsAndLimits(HttpClient.Version version) throws Exception {
        HttpClient client = client(version);
        assertThat(client.send(get("/nothing").build(), BodyHandlers.ofString()).statusCode())
                .isEqualTo(404);
        assertThat(client.send(get("/events?topic=a%20b").build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(400);
        assertThat(client.send(get("/info?x=" + "y".repeat(9000)).build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(414);
        assertThat(client.send(get("/info").build(), BodyHandlers.ofString()).body())
                .doesNotContain("x-http2");
    }

    @Test
    void tellsThoseWhoComeInTheClear() throws Exception {
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), edge.tlsPort())) {
            plain.setSoTimeout(20_000);
            plain.getOutputStream()
                    .write("GET /events?topic=t HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(plain.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 400 ").contains("this port speaks HTTPS");
        }
    }

    /** Byte by byte, because the client's own Java would refuse to ask. */
    @ParameterizedTest
    @ValueSource(ints = {0x0302, 0x0301, 0x0300})
    void refusesOldVersions(int version) throws Exception {
        byte[] ciphers = HexFormat.of().parseHex("c009c00ac013c014002f0035000a");
        byte[] curves = HexFormat.of().parseHex("000a00080006001d00170018" + "000b00020100");
        ByteBuffer hello = ByteBuffer.allocate(200)
                .putShort((short) version)
                .put(new byte[32])
                .put((byte) 0)
                .putShort((short) ciphers.length)
                .put(ciphers)
                .putShort((short) 0x0100)
                .putShort((short) curves.length)
                .put(curves);
        ByteBuffer record = ByteBuffer.allocate(250)
                .put((byte) HANDSHAKE)
                .putShort((short) 0x0301)
                .putShort((short) (hello.position() + 4))
                .putInt(1 << 24 | hello.position())
                .put(hello.flip());
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge.tlsPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(record.array(), 0, record.position());
            byte[] answer = socket.getInputStream().readNBytes(7);
            assertThat(answer).hasSize(7);
            assertThat(answer[0]).as("an alert, and no hello").isEqualTo((byte) ALERT);
            assertThat(answer[5]).as("fatal").isEqualTo((byte) 2);
            assertThat(answer[6]).isEqualTo((byte) PROTOCOL_VERSION);
        }
    }

    @Test
    void endsAHandshakeThatDoesNotEnd() throws Exception {
        try (OpenEdge impatient = OpenEdge.start(plan -> plan.tls(keys)
                        .patience(Duration.ofMillis(300), Duration.ofSeconds(20), Duration.ofSeconds(20)));
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), impatient.tlsPort());
                Socket slow = new Socket(InetAddress.getLoopbackAddress(), impatient.tlsPort())) {
            slow.getOutputStream().write(new byte[] {0x16, 3, 1, 0, 100, 1});
            for (Socket each : List.of(silent, slow)) {
                each.setSoTimeout(20_000);
                InputStream in = each.getInputStream();
                assertThat(in.read()).isEqualTo(-1);
            }
        }
    }

    private X509Certificate shown() throws IOException {
        try (SSLSocket socket =
                (SSLSocket) TestKeys.trusting().getSocketFactory().createSocket("127.0.0.1", edge.tlsPort())) {
            socket.setSoTimeout(20_000);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void takesANewCertificateAndDropsNobody() throws Exception {
        Iterator<String> lines = follow(client(HttpClient.Version.HTTP_2), "text/event-stream")
                .body()
                .iterator();
        awaitHello(lines);
        assertThat(shown()).isEqualTo(first.certificate());
        TestKeys second = new TestKeys(folder);
        second.writeTo(folder);
        edge.edge().refresh();
        assertThat(shown()).isEqualTo(second.certificate());
        edge.publish("t", "still here");
        assertThat(data(lines, 1)).containsExactly("still here");
    }

    @Test
    void keepsTheOldCertificateWhenTheNewIsOfNoUse() throws Exception {
        Files.writeString(keys.certificate(), "not a certificate at all");
        edge.edge().refresh();
        assertThat(shown()).isEqualTo(first.certificate());
        assertThat(edge.edge().tlsTrouble()).contains("the old one stays");
        assertThat(edge.meter("needle.tls.reload.failures")).isEqualTo(1);
        Files.delete(keys.certificate());
        edge.edge().refresh();
        assertThat(shown()).isEqualTo(first.certificate());
        TestKeys second = new TestKeys(folder);
        second.writeTo(folder);
        edge.edge().refresh();
        assertThat(shown()).isEqualTo(second.certificate());
        assertThat(edge.edge().tlsTrouble()).isEmpty();
    }

    @Test
    void keepsTheOldCertificateUntilTheKeyFits() throws Exception {
        byte[] oldKey = Files.readAllBytes(keys.key());
        TestKeys second = new TestKeys(folder);
        second.writeTo(folder);
        byte[] newKey = Files.readAllBytes(keys.key());
        Files.write(keys.key(), oldKey);
        edge.edge().refresh();
        assertThat(shown()).isEqualTo(first.certificate());
        assertThat(edge.edge().tlsTrouble()).contains("does not fit");
        Files.write(keys.key(), newKey);
        Files.setLastModifiedTime(keys.key(), FileTime.fromMillis(1));
        edge.edge().refresh();
        assertThat(shown()).isEqualTo(second.certificate());
    }

    @Test
    void saysGoodbyeToStreamsOfHttp2() throws Exception {
        Iterator<String> lines = follow(client(HttpClient.Version.HTTP_2), "text/event-stream")
                .body()
                .iterator();
        awaitHello(lines);
        edge.edge().drain();
        StringBuilder rest = new StringBuilder();
        lines.forEachRemaining(rest::append);
        assertThat(rest).contains("\"bye\"", "\"drain\"");
    }
}
