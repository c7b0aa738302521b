package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Routes as they were written for {@code camel-websocket-jsr356} 3.x, for the server and for the client; only the port is ours. */
@Timeout(180)
class RoutesFromCamel3 {
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    private RouteBuilder server() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("websocket-jsr356:///echo")
                        .setHeader("jsr356.producer.session.incoming.use", constant(true))
                        .to("websocket-jsr356:///echo");
            }
        };
    }

    private RouteBuilder client(String url) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("websocket-jsr356:" + url + "?sessionCount=5").process(x -> {
                    Object body = x.getIn().getBody();
                    assertThat(x.getIn().getHeader("jsr356.session")).isNotNull();
                    received.add(
                            body instanceof InputStream stream
                                    ? HexFormat.of().formatHex(stream.readAllBytes())
                                    : "text " + body);
                });
                from("direct:ask").to("websocket-jsr356:" + url);
                from("direct:greet")
                        .enrich("direct:ask")
                        .setBody(constant("hello"))
                        .to("websocket-jsr356:" + url + "?sessionCount=2");
            }
        };
    }

    private RouteBuilder both() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:all").to("websocket-jsr356:/two");
                from("websocket-jsr356:/two").process(x -> {
                    Object body = x.getIn().getBody();
                    received.add(
                            body instanceof InputStream stream
                                    ? HexFormat.of().formatHex(stream.readAllBytes())
                                    : "text " + body);
                });
            }
        };
    }

    private String next() throws InterruptedException {
        return received.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void runUnchangedBetweenAClientAndAServer() throws Exception {
        try (TestGateway there = TestGateway.with(both());
                TestGateway here = TestGateway.with(client(url(there)))) {
            here.template.sendBody("direct:ask", "a text");
            assertThat(next()).isEqualTo("text a text");
            here.template.sendBody("direct:ask", new byte[] {1, 2, (byte) 0xff});
            assertThat(next()).isEqualTo("0102ff");
            here.template.sendBody("direct:greet", "first");
            // by two connections, each of which keeps its own order
            assertThat(List.of(next(), next())).containsExactlyInAnyOrder("text first", "text hello");
            // five of the consumer, one and two of the producers
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            there.push().gateway().edge().sockets().at("/two").size() == 8);
            there.template.sendBody("direct:all", "to everybody");
            for (int i = 0; i < 5; i++) {
                assertThat(next()).isEqualTo("text to everybody");
            }
            there.template.sendBody("direct:all", new byte[] {7});
            for (int i = 0; i < 5; i++) {
                assertThat(next()).isEqualTo("07");
            }
        }
    }

    private static String url(TestGateway server) {
        return "ws" + server.http("/two").toString().substring("http".length());
    }

    @Test
    void runUnchangedAsAServer() throws Exception {
        try (TestGateway there = TestGateway.with(server());
                TestGateway.WebSocketClient socket = there.connect("/echo")) {
            socket.text("echo");
            assertThat(socket.await()).isEqualTo("text:echo");
            socket.binary((byte) 9);
            assertThat(socket.await()).isEqualTo("binary:09");
        }
    }
}
