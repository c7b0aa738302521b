package org.needle.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

class BoxThatInterceptsTls {

    /** Believes the lab's authority, and nobody else. */
    private static SSLContext believing(Lab lab) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            byte[] pem = lab.authority().getBytes(StandardCharsets.US_ASCII);
            store.setCertificateEntry(
                    "lab", CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem)));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Bench bench(String profile) {
        return new Bench(Profile.named(profile), LabOptions::tls);
    }

    private static Peer client(Bench bench) throws IOException {
        SSLSocket socket = (SSLSocket) believing(bench.lab())
                .getSocketFactory()
                .createSocket(InetAddress.getByName("localhost"), bench.lab().port());
        socket.startHandshake();
        return new Peer(socket);
    }

    private static CompletableFuture<HttpResponse<InputStream>> get(Bench bench, HttpClient client, String path) {
        URI uri = URI.create("https://localhost:" + bench.lab().port() + path);
        return client.sendAsync(
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    private static HttpClient http2(Bench bench) {
        return HttpClient.newBuilder()
                .sslContext(believing(bench.lab()))
                .version(HttpClient.Version.HTTP_2)
                .build();
    }

    @Test
    void overHttp11StreamsAreHeldAndWebSocketPasses() throws Exception {
        try (Bench bench = bench("scan-tls")) {
            Peer client = client(bench).get("/");
            Peer server = bench.server();
            assertThat(server.head()).startsWith("GET / HTTP/1.1");
            server.send(Bench.STREAM).chunk("data: 1\n\n");
            assertThat(client.isQuiet(700)).isTrue();
            server.send("0\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200");
            client.expectChunk("data: 1\n\n").expect("0\r\n\r\n");
            client.get("/", Bench.UPGRADE);
            server.head();
            server.send(Bench.SWITCH);
            client.head();
            server.send("frame");
            client.expect("frame").send("answer");
            server.expect("answer");
        }
    }

    @Test
    void overHttp2StreamsAreHeldToTheirEnd() throws Exception {
        try (Bench bench = bench("scan-tls")) {
            CompletableFuture<HttpResponse<InputStream>> answer = get(bench, http2(bench), "/");
            Peer server = bench.server();
            assertThat(server.head()).startsWith("GET / HTTP/1.1").doesNotContain("x-http2");
            server.send(Bench.STREAM).chunk("data: 1\n\n");
            assertThat(server.isQuiet(700)).isTrue();
            assertThat(answer).isNotDone();
            server.send("0\r\n\r\n");
            HttpResponse<InputStream> response = answer.get(15, TimeUnit.SECONDS);
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(new String(response.body().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("data: 1\n\n");
        }
    }

    @Test
    void overHttp2TwoStreamsPassBesideEachOtherAndAreCutTogether() throws Exception {
        try (Bench bench = bench("max-life-5s")) {
            HttpClient client = http2(bench);
            CompletableFuture<HttpResponse<InputStream>> first = get(bench, client, "/1");
            Peer one = bench.server();
            one.head();
            one.send(Bench.STREAM).chunk("1");
            assertThat(first.get(15, TimeUnit.SECONDS).body().read()).isEqualTo('1');
            CompletableFuture<HttpResponse<InputStream>> second = get(bench, client, "/2");
            Peer two = bench.server();
            two.head();
            two.send(Bench.STREAM).chunk("2");
            assertThat(second.get(15, TimeUnit.SECONDS).body().read()).isEqualTo('2');
            assertThat(one.end(15_000)).isEqualTo(Peer.End.FIN);
            assertThat(two.end(15_000)).isEqualTo(Peer.End.FIN);
        }
    }

    @Test
    void tlsThatItDoesNotInterceptPassesAsBytesAndIsCut() {
        try (Bench bench = new Bench("max-life-5s")) {
            Peer client = bench.client().send("\u0016\u0003\u0001 hello");
            Peer server = bench.server().expect("\u0016\u0003\u0001 hello").send("\u0016 too");
            client.expect("\u0016 too");
            assertThat(client.end(15_000)).isEqualTo(Peer.End.FIN);
            assertThat(server.end(15_000)).isEqualTo(Peer.End.FIN);
        }
    }

    @Test
    void theTargetMaySpeakTlsToo() throws Exception {
        try (Bench inner = bench("clear");
                Lab lab = Lab.open(
                        Profile.named("clear"),
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), inner.lab().port()),
                        LabOptions.plain().targetTls())) {
            Peer client = new Peer(new Socket(InetAddress.getLoopbackAddress(), lab.port())).get("/both");
            Peer server = inner.server();
            assertThat(server.head()).startsWith("GET /both ");
            server.send(Bench.STREAM).chunk("x");
            client.head();
            client.expectChunk("x");
        }
    }
}
