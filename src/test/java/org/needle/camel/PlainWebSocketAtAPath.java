package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** {@code websocket-jsr356:/path}, as routes from Camel 3 use it. */
class PlainWebSocketAtAPath {
    private static RouteBuilder routes() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("websocket-jsr356:/echo")
                        .routeId("echo")
                        .setHeader(WebSocketHeaders.USE_INCOMING, constant(true))
                        .to("websocket-jsr356:/echo");
                from("websocket-jsr356:/room").to("websocket-jsr356:/room");
                from("direct:all").to("websocket-jsr356:/room");
                from("direct:one")
                        .setHeader(WebSocketHeaders.USE_INCOMING, constant(true))
                        .to("websocket-jsr356:/room");
            }
        };
    }

    @Test
    void echoesTextAsTextAndBinaryAsBinary() throws Exception {
        try (TestGateway gateway = TestGateway.with(routes());
                TestGateway.WebSocketClient socket = gateway.connect("/echo")) {
            socket.text("hé\u2028\uD83D\uDE00");
            socket.binary((byte) 1, (byte) 0xff);
            socket.text("");
            socket.binary();
            assertThat(socket.await()).isEqualTo("text:hé\u2028\uD83D\uDE00");
            assertThat(socket.await()).isEqualTo("binary:01ff");
            assertThat(socket.await()).isEqualTo("text:");
            assertThat(socket.await()).isEqualTo("binary:");
        }
    }

    @Test
    void answersOnlyTheOneThatAsked() throws Exception {
        try (TestGateway gateway = TestGateway.with(routes());
                TestGateway.WebSocketClient one = gateway.connect("/echo");
                TestGateway.WebSocketClient other = gateway.connect("/echo")) {
            one.text("1");
            other.text("2");
            assertThat(one.await()).isEqualTo("text:1");
            assertThat(other.await()).isEqualTo("text:2");
            assertThat(one.received).isEmpty();
            assertThat(other.received).isEmpty();
        }
    }

    @Test
    void sendsToAllAtThePathAndToNobodyElse() throws Exception {
        try (TestGateway gateway = TestGateway.with(routes());
                TestGateway.WebSocketClient one = gateway.connect("/room");
                TestGateway.WebSocketClient other = gateway.connect("/room");
                TestGateway.WebSocketClient elsewhere = gateway.connect("/echo")) {
            one.text("hi");
            assertThat(one.await()).isEqualTo("text:hi");
            assertThat(other.await()).isEqualTo("text:hi");
            gateway.template.sendBody("direct:all", ByteBuffer.wrap(new byte[] {7}));
            assertThat(other.await()).isEqualTo("binary:07");
            gateway.template.sendBody("direct:all", new ByteArrayInputStream(new byte[] {8}));
            assertThat(other.await()).isEqualTo("binary:08");
            gateway.template.sendBody("direct:all", 42);
            assertThat(other.await()).isEqualTo("text:42");
            assertThat(elsewhere.received).isEmpty();
        }
    }

    @Test
    void isFineWithNobodyThere() throws Exception {
        try (TestGateway gateway = TestGateway.with(routes())) {
            gateway.template.sendBody("direct:all", "x");
        }
    }

    @Test
    void failsIfItIsToAnswerAndNobodyAsked() throws Exception {
        try (TestGateway gateway = TestGateway.with(routes())) {
            assertThatThrownBy(() -> gateway.template.sendBody("direct:one", "x"))
                    .isInstanceOf(CamelExecutionException.class)
                    .hasStackTraceContaining("did not come from a WebSocket");
        }
    }

    @Test
    void handsOverTheSessionAndBinaryAsAStream() throws Exception {
        BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                from("websocket-jsr356:/in").process(x -> {
                    seen.add(x.getMessage().getBody());
                    seen.add(x.getMessage().getHeader(WebSocketHeaders.SESSION));
                });
            }
        };
        try (TestGateway gateway = TestGateway.with(routes);
                TestGateway.WebSocketClient socket = gateway.connect("/in")) {
            socket.binary((byte) 5);
            assertThat(((InputStream) seen.take()).readAllBytes()).containsExactly(5);
            Session session = (Session) seen.take();
            assertThat(session.isOpen()).isTrue();
            session.sendText("direct");
            assertThat(socket.await()).isEqualTo("text:direct");
            session.sendBinary(new byte[] {9});
            assertThat(socket.await()).isEqualTo("binary:09");
            session.close();
            assertThat(socket.await()).isEqualTo("close:1000");
        }
    }

    @Test
    void staysOpenWhileItsRouteIsReloaded() throws Exception {
        try (TestGateway gateway = TestGateway.with(routes());
                TestGateway.WebSocketClient socket = gateway.connect("/echo")) {
            gateway.context.getRouteController().stopRoute("echo");
            gateway.context.removeRoute("echo");
            socket.text("nobody hears this");
            gateway.connect("/echo").close();
            gateway.context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("websocket-jsr356:/echo")
                            .setBody(simple("again ${body}"))
                            .setHeader(WebSocketHeaders.USE_INCOMING, constant(true))
                            .to("websocket-jsr356:/echo");
                }
            });
            String answer;
            int tries = 0;
            do {
                socket.text("n" + tries++);
                answer = socket.await();
            } while (!answer.startsWith("text:again n"));
            assertThat(answer).startsWith("text:again n");
        }
    }

    /** There is no log behind it that it could read on from. */
    @Test
    void isDisconnectedIfItDoesNotRead() throws Exception {
        try (TestGateway gateway = TestGateway.with(routes());
                Socket socket = new Socket()) {
            socket.setReceiveBufferSize(16 << 10);
            socket.connect(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), gateway.push().boundPort()));
            socket.getOutputStream()
                    .write(("GET /room HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            byte[] megabyte = new byte[1 << 20];
            List<CompletableFuture<Exchange>> sent = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                sent.add(gateway.template.asyncSend(
                        "direct:all", x -> x.getMessage().setBody(megabyte)));
            }
            for (CompletableFuture<Exchange> each : sent) {
                assertThat(each.get(20, TimeUnit.SECONDS).getException()).isNull();
            }
            socket.setSoTimeout(20_000);
            long read = 0;
            try {
                for (int now = 0; now >= 0; now = socket.getInputStream().read(megabyte)) {
                    read += now;
                }
            } catch (SocketException e) {
                assertThat(e).hasMessage("Connection reset");
            }
            assertThat(read).isLessThan(32 << 20);
        }
    }
}
