package org.needle.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.cli.Ports;
import org.needle.conformance.OpenEdge;
import org.needle.conformance.TestKeys;

/** Requests and WebSockets to a gateway that only the proxy can find. */
@Timeout(240)
class WayOutThroughAProxy {
    private static final String USER = "me:p@ss: w\u00f6rd";
    private static final String SHOWN = "http://me:p%40ss%3A%20w%C3%B6rd@127.0.0.1:";

    private static OpenEdge edge;

    @BeforeAll
    static void start(@TempDir Path folder) {
        edge = OpenEdge.start(plan -> plan.tls(new TestKeys(folder).keys()));
    }

    @AfterAll
    static void stop() {
        edge.close();
    }

    private static Dial through(String proxy) {
        return new Dial(new Dial.Settings(ProxyAddress.of(proxy), TestKeys.trusting(), Duration.ofSeconds(10)));
    }

    private static HttpResponse<String> get(Dial dial, String url) throws Exception {
        return dial.send(
                        dial.request(URI.create(url))
                                .timeout(Duration.ofSeconds(20))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .get(20, TimeUnit.SECONDS);
    }

    private static DialException failure(Dial dial, String url) {
        return (DialException) assertThatThrownBy(() -> get(dial, url))
                .isInstanceOf(ExecutionException.class)
                .actual()
                .getCause();
    }

    private static String https() {
        return "https://gateway.test:" + edge.tlsPort() + "/info?nonce=n";
    }

    private static String http() {
        return "http://gateway.test:" + edge.port() + "/info?nonce=n";
    }

    @Test
    void asksForATunnelWithItsCredentialsAndSpeaksHttp2InIt() throws Exception {
        try (ExplicitProxy proxy = new ExplicitProxy(USER)) {
            HttpResponse<String> answer = get(through(SHOWN + proxy.port()), https());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).doesNotContainIgnoringCase("proxy-authorization");
            assertThat(proxy.requests()).hasSize(1).first().satisfies(request -> assertThat(request.line())
                    .isEqualTo("CONNECT gateway.test:" + edge.tlsPort() + " HTTP/1.1"));
        }
    }

    @Test
    void asksForPlainHttpInAbsoluteFormAndWithoutAnUpgrade() throws Exception {
        try (ExplicitProxy proxy = new ExplicitProxy(USER)) {
            assertThat(get(through(SHOWN + proxy.port()), http()).statusCode()).isEqualTo(200);
            ScriptedServer.Request request = proxy.requests().get(0);
            assertThat(request.line()).isEqualTo("GET " + http() + " HTTP/1.1");
            assertThat(request.headers()).doesNotContainKey("upgrade");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:", "http://me:wrong@127.0.0.1:"})
    void isToldOf407ByName(String wrong) {
        try (ExplicitProxy proxy = new ExplicitProxy(USER)) {
            Dial dial = through(wrong + proxy.port());
            for (String url : new String[] {https(), http()}) {
                DialException failure = failure(dial, url);
                assertThat(failure.fault().label()).isEqualTo("proxy-auth");
                assertThat(failure.status()).isEqualTo(407);
                assertThat(failure)
                        .hasMessageContaining("the proxy 127.0.0.1:" + proxy.port())
                        .hasMessageContaining("(it takes basic)")
                        .hasMessageNotContaining("wrong");
            }
            assertThat(assertThatThrownBy(() -> connect(dial, "wss://gateway.test:" + edge.tlsPort(), new Texts()))
                            .isInstanceOf(CompletionException.class)
                            .actual()
                            .getCause())
                    .isInstanceOfSatisfying(DialException.class, fault -> assertThat(fault.fault())
                            .isEqualTo(Fault.PROXY_AUTH));
        }
    }

    @Test
    void isToldWhenTheProxyRefuses() {
        try (ExplicitProxy proxy = new ExplicitProxy(null)) {
            DialException failure = failure(through("http://127.0.0.1:" + proxy.port()), "https://forbidden.test/");
            assertThat(failure.fault()).isEqualTo(Fault.PROXY_REFUSED);
            assertThat(failure.status()).isEqualTo(403);
        }
    }

    @Test
    void isToldWhenThereIsNoProxy() throws Exception {
        int free = Ports.free();
        DialException failure = failure(through("http://u:secret@127.0.0.1:" + free), https());
        assertThat(failure.fault()).isEqualTo(Fault.REFUSED);
        assertThat(failure).hasMessageContaining("through the proxy 127.0.0.1:" + free);
        assertThat(failure).hasMessageNotContainingAny("secret", "nonce");
    }

    @Test
    void distrustsCertificatesThatItDoesNotKnow() {
        try (ExplicitProxy proxy = new ExplicitProxy(null)) {
            Dial strict = new Dial(new Dial.Settings(
                    ProxyAddress.of("http://127.0.0.1:" + proxy.port()), null, Duration.ofSeconds(10)));
            DialException untrusted = failure(strict, https());
            assertThat(untrusted.fault()).isEqualTo(Fault.TLS);
            assertThat(untrusted).hasMessageContaining("by nobody who is trusted here (--ca FILE)");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy.example:8080",
                "https://proxy.example:8080",
                "http://proxy.example",
                "http://proxy.example:0",
                "http://proxy.example:8080/path",
                "http://secret@proxy.example:8080",
                "http://:secret@proxy.example:8080",
                "http://u:secret%@proxy.example:8080",
                "http://u:sec ret@proxy.example:8080",
                "http://",
            })
    void refusesAnAddressThatIsNoneWithoutRepeatingIt(String address) {
        assertThatThrownBy(() -> ProxyAddress.of(address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http://user:password@host:port")
                .satisfies(failure -> assertThat(failure.toString()).doesNotContain("secret", "example"))
                .hasNoCause();
    }

    // ---- WebSocket ----

    private static final class Texts extends WholeMessages {
        final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        Texts() {
            super(1 << 20);
        }

        @Override
        protected CompletionStage<Void> onText(ClientSocket socket, String message) {
            received.add(message);
            return CompletableFuture.completedStage(null);
        }

        @Override
        protected CompletionStage<Void> onBinary(ClientSocket socket, byte[] message) {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onEnd(ClientSocket socket, int code, String reason, @Nullable DialException fault) {
            received.add("end " + code);
        }
    }

    private static ClientSocket connect(Dial dial, String base, Texts texts) {
        SocketAsk ask = SocketAsk.of(URI.create(base + "/events?topic=t"));
        return dial.open(
                        new SocketAsk(
                                ask.uri(),
                                ask.headers(),
                                java.util.List.of("other", "needle.v1"),
                                ask.timeout(),
                                ask.heartbeat()),
                        texts)
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void carriesWebSockets(String scheme) throws Exception {
        int port = scheme.equals("ws") ? edge.port() : edge.tlsPort();
        try (ExplicitProxy proxy = new ExplicitProxy(USER)) {
            Texts texts = new Texts();
            ClientSocket socket = connect(through(SHOWN + proxy.port()), scheme + "://gateway.test:" + port, texts);
            assertThat(socket.protocol()).isEqualTo("needle.v1");
            assertThat(texts.received.poll(20, TimeUnit.SECONDS)).contains("\"control\":\"hello\"");
            socket.sendText("{\"control\":\"echo\",\"nonce\":\"7\"}");
            assertThat(texts.received.poll(20, TimeUnit.SECONDS)).contains("echo");
            socket.close(1000, "");
            assertThat(texts.received.poll(20, TimeUnit.SECONDS)).isEqualTo("end 1000");
            assertThat(proxy.requests().get(0).line()).isEqualTo("CONNECT gateway.test:" + port + " HTTP/1.1");
        }
    }
}
