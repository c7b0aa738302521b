package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.needle.access.Mint;

/** What clients send to topics, and what of it reaches a route. */
class MessagesOfClients {
    private final BlockingQueue<Object> bodies = new LinkedBlockingQueue<>();
    private final BlockingQueue<Map<String, Object>> headers = new LinkedBlockingQueue<>();

    private TestGateway consuming(String uri) throws Exception {
        return TestGateway.with(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).process(MessagesOfClients.this::note);
            }
        });
    }

    private void note(Exchange exchange) {
        bodies.add(exchange.getMessage().getBody());
        headers.add(new TreeMap<>(exchange.getMessage().getHeaders()));
    }

    private static HttpRequest.Builder message(TestGateway gateway, String query, String body) {
        return HttpRequest.newBuilder(gateway.http("/events?" + query)).POST(HttpRequest.BodyPublishers.ofString(body));
    }

    @Test
    void reachTheRouteWithOurHeadersAndNoOthers() throws Exception {
        try (TestGateway gateway = consuming("push:chat")) {
            HttpResponse<String> answer =
                    gateway.send(message(gateway, "topic=chat&event=said&CamelFileName=x&foo=y", "hi")
                            .header("CamelPushTopic", "forged")
                            .header("camelpushsubject", "root")
                            .header("CamelFileName", "/etc/passwd")
                            .header("org.apache.camel.x", "y")
                            .header("X-Other", "z")
                            .header("Idempotency-Key", "mine-1"));
            assertThat(answer.statusCode()).isEqualTo(202);
            assertThat(answer.body()).contains("mine-1");
            assertThat(bodies.poll(20, TimeUnit.SECONDS)).isEqualTo("hi");
            assertThat(headers.take())
                    .isEqualTo(Map.of(
                            "CamelPushTopic", "chat",
                            "CamelPushEventName", "said",
                            "CamelPushTransport", "poll",
                            "CamelPushIdempotencyKey", "mine-1"));
        }
    }

    @Test
    void nameWhomTheTokenNames() throws Exception {
        Mint mint = new Mint();
        Path key = Files.writeString(Files.createTempFile("needle", ".key"), Mint.SECRET);
        TestGateway gateway = new TestGateway();
        gateway.options().setTokenKey(key.toString());
        gateway.options().setTokenIssuer(Mint.ISSUER);
        gateway.options().setTokenAudience(Mint.AUDIENCE);
        gateway.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("push:chat").process(MessagesOfClients.this::note);
            }
        });
        try (gateway) {
            gateway.start();
            assertThat(gateway.post("/events?topic=chat", "x").statusCode()).isEqualTo(401);
            String token = mint.token(mint.claims("me", List.of(), List.of("chat")));
            assertThat(gateway.send(message(gateway, "topic=chat", "x").header("Authorization", "Bearer " + token))
                            .statusCode())
                    .isEqualTo(202);
            assertThat(headers.take()).containsEntry("CamelPushSubject", "me");
        } finally {
            Files.delete(key);
        }
    }

    @Test
    void areBytesIfTheyAreNotText() throws Exception {
        try (TestGateway gateway = consuming("push:chat")) {
            HttpRequest.Builder request = HttpRequest.newBuilder(gateway.http("/events?topic=chat"))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {(byte) 0xff, 0}));
            assertThat(gateway.send(request).statusCode()).isEqualTo(202);
            assertThat(bodies.poll(20, TimeUnit.SECONDS)).isEqualTo(new byte[] {(byte) 0xff, 0});
        }
    }

    @Test
    void reachARouteThatTakesAPattern() throws Exception {
        try (TestGateway gateway = consuming("push:rooms/**")) {
            assertThat(gateway.post("/events?topic=rooms/a/b", "x").statusCode())
                    .isEqualTo(202);
            assertThat(headers.take()).containsEntry("CamelPushTopic", "rooms/a/b");
            assertThat(gateway.post("/events?topic=other", "x").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void reachAWebSocketRouteOnlyByWebSocket() throws Exception {
        try (TestGateway gateway = consuming("websocket-jsr356:chat");
                TestGateway.WebSocketClient socket = gateway.connect("/events?topic=chat")) {
            assertThat(gateway.post("/events?topic=chat", "x").statusCode()).isEqualTo(404);
            socket.text("{\"topic\":\"chat\",\"data\":\"hi\",\"key\":\"1\"}");
            assertThat(bodies.poll(20, TimeUnit.SECONDS)).isEqualTo("hi");
            Map<String, Object> seen = headers.take();
            assertThat(seen).containsEntry("CamelPushTransport", "websocket").containsKey("CamelPushSession");
            assertThat(seen.get("CamelPushIdempotencyKey")).isEqualTo(seen.get("CamelPushSession") + "/1");
            socket.await(skipped -> {}, "\"accepted\"");
        }
    }

    @Test
    void areNotAcceptedWhenTheRouteFails() throws Exception {
        RouteBuilder failing = new RouteBuilder() {
            @Override
            public void configure() {
                from("push:chat").throwException(new IllegalStateException("secret detail"));
            }
        };
        try (TestGateway gateway = TestGateway.with(failing)) {
            HttpResponse<String> answer = gateway.post("/events?topic=chat", "x");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("secret detail");
        }
    }

    @Test
    void areAcceptedWhenTheRouteHasDealtWithItsFailure() throws Exception {
        RouteBuilder handled = new RouteBuilder() {
            @Override
            public void configure() {
                onException(IllegalStateException.class).handled(true).process(MessagesOfClients.this::note);
                from("push:chat").throwException(new IllegalStateException("dealt with"));
            }
        };
        try (TestGateway gateway = TestGateway.with(handled)) {
            assertThat(gateway.post("/events?topic=chat", "x").statusCode()).isEqualTo(202);
            assertThat(bodies).containsExactly("x");
        }
    }

    @Test
    void doNotChooseWhereTheRoutePublishes() throws Exception {
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                from("push:chat/**").to("push:news?eventName=chat");
                from("push:same/**").toD("push:out/${header.CamelPushTopic}");
                from("push:moved")
                        .setHeader(PushHeaders.TOPIC, constant("elsewhere"))
                        .to("push:news");
            }
        };
        try (TestGateway gateway = TestGateway.with(routes)) {
            gateway.post("/events?topic=chat/admin&event=alarm", "a");
            gateway.post("/events?topic=same/x&event=e", "b");
            gateway.post("/events?topic=moved", "c");
            assertThat(gateway.keptData("chat/admin")).isEmpty();
            assertThat(gateway.kept("news")).singleElement().asString().contains("\"event\":\"chat\"");
            assertThat(gateway.kept("out/same/x")).singleElement().asString().contains("\"event\":\"e\"");
            assertThat(gateway.keptData("elsewhere")).containsExactly("c");
        }
    }

    @Test
    void thatAreSentAgainArePublishedOnce() throws Exception {
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                from("push:chat").to("push:out");
                from("push:two")
                        .to("push:pair")
                        .setBody(simple("${date:now:HHmmssSSS} ${body}"))
                        .to("push:pair");
                from("push:lines").split(body().tokenize("\n")).to("push:parts");
            }
        };
        try (TestGateway gateway = TestGateway.with(routes)) {
            for (int i = 0; i < 2; i++) {
                gateway.send(message(gateway, "topic=chat", "a").header("Idempotency-Key", "1"));
                gateway.send(message(gateway, "topic=lines", "x\nx\ny").header("Idempotency-Key", "2"));
                gateway.send(message(gateway, "topic=two", "m").header("Idempotency-Key", "k".repeat(255)));
            }
            gateway.send(message(gateway, "topic=chat", "a").header("Idempotency-Key", "3"));
            assertThat(gateway.keptData("out")).containsExactly("a", "a");
            assertThat(gateway.keptData("parts")).containsExactly("x", "x", "y");
            assertThat(gateway.keptData("pair")).hasSize(2).first().isEqualTo("m");
        }
    }

    @Test
    void areRefusedWhenTooManyWait() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        TestGateway gateway = new TestGateway();
        gateway.options().setMessageThreads("1");
        gateway.options().setMessageQueue("1");
        gateway.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("push:chat").process(x -> {
                    entered.countDown();
                    release.await(20, TimeUnit.SECONDS);
                });
            }
        });
        try (gateway) {
            gateway.start();
            var first = gateway.client.sendAsync(
                    message(gateway, "topic=chat", "1").build(), HttpResponse.BodyHandlers.discarding());
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
            // of the next two one waits and the other is refused, whichever comes first
            var second = gateway.client.sendAsync(
                    message(gateway, "topic=chat", "2").build(), HttpResponse.BodyHandlers.discarding());
            var third = gateway.client.sendAsync(
                    message(gateway, "topic=chat", "3").build(), HttpResponse.BodyHandlers.discarding());
            second.applyToEither(third, x -> x).get(20, TimeUnit.SECONDS);
            assertThat(
                            second.isDone()
                                    ? second.join().statusCode()
                                    : third.join().statusCode())
                    .isEqualTo(503);
            release.countDown();
            assertThat(first.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
        }
    }

    @Test
    void mayBeLong() throws Exception {
        try (TestGateway gateway = consuming("push:chat")) {
            String long1 = "x".repeat(1 << 20);
            assertThat(gateway.post("/events?topic=chat", long1).statusCode()).isEqualTo(202);
            assertThat(bodies.take()).isEqualTo(long1);
        }
    }
}
