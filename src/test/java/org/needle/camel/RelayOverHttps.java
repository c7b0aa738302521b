package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The leg {@code https-proxy:}, against a webhook on this machine. */
class RelayOverHttps {
    private record Request(String line, String idempotencyKey, String body) {}

    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch release = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void startWebhook() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/ok", x -> answer(x, 204));
        server.createContext("/broken", x -> answer(x, 503));
        server.createContext("/moved", x -> {
            x.getResponseHeaders().set("Location", "/ok");
            answer(x, 307);
        });
        server.createContext("/silent", x -> {
            try {
                release.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            answer(x, 204);
        });
        server.start();
    }

    @AfterEach
    void stopWebhook() {
        release.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange, int status) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(new Request(
                exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                body));
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private String webhook(String path) {
        return "https-proxy:http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private TestGateway to(String... uris) throws Exception {
        return TestGateway.with(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:in").to(uris);
                from("direct:all").multicast().to(uris);
            }
        });
    }

    private static Exchange send(TestGateway gateway, String route, Object body) {
        return gateway.template.send(route, x -> x.getMessage().setBody(body));
    }

    private static Exchange sendTo(TestGateway gateway, String topic, Object body) {
        return gateway.template.send("direct:in", x -> {
            x.getMessage().setBody(body);
            x.getMessage().setHeader(PushHeaders.TOPIC, topic);
        });
    }

    @Test
    void postsTheEventAsAnObjectWithItsIdAsKey() throws Exception {
        try (TestGateway gateway = to("sse:orders?eventName=new", webhook("/ok?token=a%20b&x=1"))) {
            Exchange done = send(gateway, "direct:all", "say \"hi\"\n\u2028/");
            assertThat(done.getException()).isNull();
            Request request = requests.take();
            assertThat(request.line()).startsWith("POST /ok?").contains("x=1").contains("token=a");
            String id = request.idempotencyKey();
            assertThat(gateway.kept("orders")).singleElement().asString().contains("\"id\":\"" + id + "\"");
            assertThat(request.body())
                    .startsWith("{\"id\":\"" + id
                            + "\",\"topic\":\"orders\",\"event\":\"new\",\"data\":\"say \\\"hi\\\"\\n");
        }
    }

    @Test
    void postsBinaryAsBase64() throws Exception {
        try (TestGateway gateway = to(webhook("/ok"))) {
            assertThat(sendTo(gateway, "t", new byte[] {(byte) 0xff}).getException())
                    .isNull();
            assertThat(requests.take().body()).contains("\"data\":\"\\/w==\"").endsWith("\"encoding\":\"base64\"}");
        }
    }

    @Test
    void needsATopicIfNothingWasPublished() throws Exception {
        try (TestGateway gateway = to(webhook("/ok"))) {
            assertThat(send(gateway, "direct:in", "x").getException())
                    .hasMessageContaining("set the header CamelPushTopic");
            assertThat(sendTo(gateway, "a b", "x").getException()).hasMessageContaining("a topic is made of letters");
            assertThat(requests).isEmpty();
        }
    }

    @Test
    void repeatsItsKeyWhenItIsRedelivered() throws Exception {
        TestGateway gateway = TestGateway.with(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(defaultErrorHandler().maximumRedeliveries(2).redeliveryDelay(1));
                from("direct:in").to(webhook("/broken"));
            }
        });
        try (gateway) {
            assertThat(sendTo(gateway, "t", "x").getException()).isInstanceOf(UnreachedException.class);
            String key = requests.take().idempotencyKey();
            assertThat(key).isNotBlank();
            assertThat(requests.take().idempotencyKey()).isEqualTo(key);
            assertThat(requests.take().idempotencyKey()).isEqualTo(key);
        }
    }

    @Test
    void hasNotReachedAnybodyUnlessTheAnswerIs2xx() throws Exception {
        for (String path : new String[] {"/broken?secret=1", "/moved", "/nowhere"}) {
            try (TestGateway gateway = to(webhook(path))) {
                assertThat(sendTo(gateway, "t", "x").getException())
                        .isInstanceOf(UnreachedException.class)
                        .hasMessageContaining("answered")
                        .satisfies(e -> assertThat(((UnreachedException) e).getUnreached())
                                .singleElement()
                                .asString()
                                .endsWith(path.replace("?secret=1", "")))
                        .hasMessageNotContaining("secret");
            }
        }
        assertThat(requests).extracting(Request::line).doesNotContain("POST /ok");
    }

    @Test
    void hasNotReachedAnybodyIfTheAnswerIsLate() throws Exception {
        try (TestGateway gateway = to(webhook("/silent?responseTimeout=50ms"))) {
            assertThat(sendTo(gateway, "t", "x").getException())
                    .isInstanceOf(UnreachedException.class)
                    .hasMessageContaining("did not answer within 50 ms");
        }
    }

    @Test
    void hasNotReachedAnybodyIfNobodyListens() throws Exception {
        String uri = webhook("/ok");
        server.stop(0);
        try (TestGateway gateway = to(uri)) {
            assertThat(sendTo(gateway, "t", "x").getException())
                    .isInstanceOf(UnreachedException.class)
                    .hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void isTheNextLegOfAFailover() throws Exception {
        TestGateway gateway = TestGateway.with(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:in")
                        .loadBalance()
                        .failover(UnreachedException.class)
                        .to(webhook("/broken"), webhook("/ok"));
            }
        });
        try (gateway) {
            assertThat(sendTo(gateway, "t", "x").getException()).isNull();
            Request first = requests.take();
            Request second = requests.take();
            assertThat(second.line()).isEqualTo("POST /ok");
            assertThat(second.idempotencyKey()).isEqualTo(first.idempotencyKey());
        }
    }

    @Test
    void mayBeHttpOnThisMachineOnly() {
        assertThatThrownBy(() -> to("https-proxy:http://192.0.2.1/x").close()).hasStackTraceContaining("must be https");
    }

    @Test
    void noMoreThanSoManyPostsAreUnderWayAndTheOthersFollow() throws Exception {
        AtomicInteger here = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        server.createContext("/counted", x -> {
            most.accumulateAndGet(here.incrementAndGet(), Math::max);
            try {
                release.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            here.decrementAndGet();
            answer(x, 204);
        });
        try (TestGateway gateway = to(webhook("/counted") + "?maxPosts=2")) {
            List<CompletableFuture<Exchange>> sent = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                String body = "number " + i;
                sent.add(gateway.template.asyncSend("direct:in", x -> {
                    x.getMessage().setBody(body);
                    x.getMessage().setHeader(PushHeaders.TOPIC, "t");
                }));
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> here.get() == 2);
            await().during(Duration.ofMillis(500)).until(() -> here.get() == 2);
            release.countDown();
            for (CompletableFuture<Exchange> each : sent) {
                assertThat(each.get(20, TimeUnit.SECONDS).getException()).isNull();
            }
            assertThat(most).hasValue(2);
            assertThat(requests).hasSize(5);
        }
    }
}
