package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.needle.cli.Ports;
import org.needle.client.ExplicitProxy;
import org.needle.client.ScriptedServer;
import org.needle.conformance.OpenEdge;
import org.needle.conformance.TestKeys;

/** {@code websocket-jsr356:ws://...}, to and from Tyrus, a gateway of ours and a server that is not well. */
@Timeout(180)
class WebSocketToAnotherServer {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final int port = Ports.free();
    private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();

    private String tyrus(String path) {
        return "websocket-jsr356:ws://127.0.0.1:" + port + path;
    }

    private Object next() throws InterruptedException {
        Object next = seen.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("a message within 20 s").isNotNull();
        return next;
    }

    private void see(Exchange exchange) throws Exception {
        Object body = exchange.getMessage().getBody();
        seen.add(body instanceof String ? body : exchange.getMessage().getBody(byte[].class).length);
    }

    private static RouteBuilder to(String uri) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:in").to(uri);
            }
        };
    }

    private RouteBuilder from(String uri) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).routeId("in").process(WebSocketToAnotherServer.this::see);
            }
        };
    }

    @Test
    void sendsTextAsTextAndBinaryAsBinary() throws Exception {
        RouteBuilder server = from("websocket-jsr356:/in");
        try (TestGateway there = TestGateway.with(server);
                TestGateway here = TestGateway.with(
                        to("websocket-jsr356:ws" + there.http("/in").toString().substring(4)))) {
            here.template.sendBody("direct:in", "h\u00e9 \uD83D\uDE00");
            assertThat(next()).isEqualTo("h\u00e9 \uD83D\uDE00");
            here.template.sendBody("direct:in", 42);
            assertThat(next()).isEqualTo("42");
            for (Object bytes : List.of(
                    new byte[] {1, 2, 3}, ByteBuffer.wrap(new byte[3]), new ByteArrayInputStream(new byte[] {1, 2, 3
                    }))) {
                here.template.sendBody("direct:in", bytes);
                assertThat(next()).isEqualTo(3);
            }
            here.template.sendBody("direct:in", null);
            assertThat(next()).isEqualTo("");
        }
    }

    @Test
    void sendsAndReceivesThroughTyrus() throws Exception {
        try (TyrusServer server = new TyrusServer(port);
                TestGateway gateway = TestGateway.with(from(tyrus("/echo?subprotocols=news,chat&x=1")))) {
            await().atMost(LONG).until(() -> TyrusServer.SESSIONS.size() == 1);
            assertThat(TyrusServer.SESSIONS.get(0).getNegotiatedSubprotocol()).isEqualTo("chat");
            assertThat(TyrusServer.SESSIONS.get(0).getQueryString()).isEqualTo("x=1");
            TyrusServer.SESSIONS.get(0).getBasicRemote().sendText("a text");
            assertThat(next()).isEqualTo("a text");
            TyrusServer.SESSIONS.get(0).getBasicRemote().sendBinary(ByteBuffer.wrap(new byte[7]));
            assertThat(next()).isEqualTo(7);
            gateway.context.addRoutes(to(tyrus("/echo")));
            gateway.template.sendBody("direct:in", "to Tyrus");
            assertThat(TyrusServer.TEXTS.poll(20, TimeUnit.SECONDS)).isEqualTo("to Tyrus");
            assertThat(server).isNotNull();
        }
    }

    @Test
    void streamsLargeMessagesOutAndIn() throws Exception {
        int size = 30_000_000;
        try (TyrusServer server = new TyrusServer(port);
                TestGateway gateway = TestGateway.with(to(tyrus("/count")))) {
            gateway.context.setStreamCaching(false);
            gateway.template.sendBody("direct:in", new Zeros(size));
            assertThat(TyrusServer.TEXTS.poll(20, TimeUnit.SECONDS)).isEqualTo("whole");
            assertThat(TyrusServer.BINARY.get()).isEqualTo(size);
            gateway.context.addRoutes(from(tyrus("/echo")));
            await().atMost(LONG).until(() -> TyrusServer.SESSIONS.size() == 1);
            TyrusServer.SESSIONS.get(0).getBasicRemote().sendBinary(ByteBuffer.wrap(new byte[size]));
            assertThat(next()).isEqualTo(size);
            TyrusServer.SESSIONS.get(0).getBasicRemote().sendText("x".repeat(1 << 20));
            assertThat(next()).isEqualTo("x".repeat(1 << 20));
            assertThat(server).isNotNull();
        }
    }

    /** So many bytes, and never all of them in memory. */
    private static final class Zeros extends InputStream {
        private int left;

        Zeros(int size) {
            left = size;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] into, int start, int length) {
            int count = Math.min(length, left);
            Arrays.fill(into, start, start + count, (byte) 0);
            left -= count;
            return count == 0 && length > 0 ? -1 : count;
        }
    }

    @Test
    void answersOnTheSessionThatAMessageCameBy() throws Exception {
        try (TyrusServer server = new TyrusServer(port);
                TestGateway gateway = TestGateway.with(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(tyrus("/echo"))
                                .filter(body().isEqualTo("ask"))
                                .process(x -> seen.add(x.getMessage().getHeader(WebSocketHeaders.SESSION)))
                                .setBody(constant("answer"))
                                .setHeader("jsr356.producer.session.incoming.use", constant(true))
                                .to(tyrus("/echo"));
                    }
                })) {
            await().atMost(LONG).until(() -> TyrusServer.SESSIONS.size() == 2);
            for (jakarta.websocket.Session session : TyrusServer.SESSIONS) {
                session.getBasicRemote().sendText("ask");
            }
            assertThat(TyrusServer.TEXTS.poll(20, TimeUnit.SECONDS)).isEqualTo("answer");
            Session session = (Session) next();
            assertThat(session.isOpen()).isTrue();
            session.sendText("direct").toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(TyrusServer.TEXTS.poll(20, TimeUnit.SECONDS)).isEqualTo("direct");
            session.close();
            await().atMost(LONG).until(() -> !session.isOpen());
            assertThat(server).isNotNull();
            assertThat(gateway.context.isStarted()).isTrue();
        }
    }

    @Test
    void keepsAsManySessionsAsItIsTold() throws Exception {
        try (TyrusServer server = new TyrusServer(port);
                TestGateway gateway = TestGateway.with(to(tyrus("/echo?sessionCount=3")))) {
            await().atMost(LONG).until(() -> TyrusServer.SESSIONS.size() == 3);
            for (int i = 0; i < 30; i++) {
                gateway.template.sendBody("direct:in", "n" + i);
            }
            await().atMost(LONG).until(() -> TyrusServer.TEXTS.size() == 30);
            gateway.context.stop();
            await().atMost(LONG).until(TyrusServer.SESSIONS::isEmpty);
            assertThat(server).isNotNull();
        }
    }

    @Test
    void comesBackWhenTheServerDoes() throws Exception {
        try (TestGateway gateway = new TestGateway()) {
            HealthCheckRegistry health = HealthCheckRegistry.get(gateway.context);
            health.register(health.resolveById("consumers"));
            // a Tyrus that is stopped may leave a connection open, which only a heartbeat notices
            String quick = "?reconnectDelay=50ms&maxReconnectDelay=200ms&heartbeat=500ms";
            gateway.context.addRoutes(from(tyrus("/echo" + quick)));
            gateway.context.addRoutes(to(tyrus("/echo" + quick)));
            gateway.start();
            await().atMost(LONG).until(() -> state(gateway) == HealthCheck.State.DOWN);
            for (int round = 0; round < 2; round++) {
                try (TyrusServer server = new TyrusServer(port)) {
                    await().atMost(LONG).until(() -> TyrusServer.SESSIONS.size() == 2);
                    await().atMost(LONG).until(() -> state(gateway) == HealthCheck.State.UP);
                    gateway.template.sendBody("direct:in", "round " + round);
                    assertThat(TyrusServer.TEXTS.poll(20, TimeUnit.SECONDS)).isEqualTo("round " + round);
                    assertThat(server).isNotNull();
                }
            }
        }
    }

    private static HealthCheck.State state(TestGateway gateway) {
        return HealthCheckHelper.invoke(gateway.context).stream()
                .filter(result -> result.getCheck().getId().equals("consumer:in"))
                .findFirst()
                .orElseThrow()
                .getState();
    }

    @Test
    void failsTheExchangeWithTheReasonIfThereIsNoServer() throws Exception {
        try (TestGateway gateway = TestGateway.with(to(tyrus("/echo?responseTimeout=500ms")))) {
            assertThatThrownBy(() -> gateway.template.sendBody("direct:in", "x"))
                    .isInstanceOf(CamelExecutionException.class)
                    .hasStackTraceContaining("no connection within 500 ms: refused: ws://127.0.0.1:" + port + "/echo");
        }
    }

    @Test
    void sendsItsHeadersThroughAProxyWithCredentialsOverTls(@TempDir Path folder) throws Exception {
        try (OpenEdge edge = OpenEdge.start(plan -> plan.tls(new TestKeys(folder).keys()));
                ExplicitProxy proxy = new ExplicitProxy("me:s3cret");
                TestGateway gateway = new TestGateway()) {
            gateway.context.getRegistry().bind("trust", TestTrust.everybody());
            gateway.context.addRoutes(from("websocket-jsr356:wss://gateway.test:" + edge.tlsPort()
                    + "/events?topic=t&proxy=http://me:s3cret@127.0.0.1:" + proxy.port()
                    + "&sslContextParameters=#bean:trust&subprotocols=needle.v1&header.Last-Event-ID=1-1"));
            gateway.start();
            assertThat((String) next()).contains("\"control\":\"hello\"").contains("\"recovered\":false");
        }
    }

    // ---- servers that are not well ----

    private static String accept(ScriptedServer.Request request) throws java.io.IOException {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((request.header("sec-websocket-key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                            .getBytes(StandardCharsets.US_ASCII));
            return "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                    + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n";
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new java.io.IOException(e);
        }
    }

    @Test
    void leavesAServerThatGivesNoSignOfLife() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                        (request, talk) -> talk.say(accept(request)).stall());
                TestGateway gateway = TestGateway.with(from("websocket-jsr356:ws://127.0.0.1:" + server.port()
                        + "/x?heartbeat=100ms&reconnectDelay=10ms&maxReconnectDelay=50ms"))) {
            await().atMost(LONG).until(() -> server.count() >= 3);
            assertThat(gateway.context.isStarted()).isTrue();
        }
    }

    /** Its end may come before we know that it was open, and the JDK may miss it: then the heartbeat tells. */
    @Test
    void comesBackToAServerThatHangsUpRightAfterTheHandshake() throws Exception {
        ScriptedServer.Script rude = (request, talk) -> talk.say(accept(request));
        ScriptedServer.Script well = (request, talk) -> talk.say(accept(request))
                .say(new byte[] {(byte) 0x81, 2, (byte) 'o', (byte) 'k'})
                .stall();
        try (ScriptedServer server = new ScriptedServer(rude, rude, rude, rude, rude, rude, rude, rude, well);
                TestGateway gateway = TestGateway.with(from("websocket-jsr356:ws://127.0.0.1:" + server.port()
                        + "/x?heartbeat=200ms&reconnectDelay=1ms&maxReconnectDelay=5ms"))) {
            assertThat(next()).isEqualTo("ok");
            assertThat(gateway.context.isStarted()).isTrue();
        }
    }

    @Test
    void endsAConnectionWhoseTextIsTooLong() throws Exception {
        CompletableFuture<Integer> close = new CompletableFuture<>();
        byte[] text = ("\u0081~\u0004\u0001" + "x".repeat(1025)).getBytes(StandardCharsets.ISO_8859_1);
        try (ScriptedServer server = new ScriptedServer((request, talk) -> {
                    talk.say(accept(request)).say(text);
                    close.complete(talk.closeCode());
                });
                TestGateway gateway = TestGateway.with(from(
                        "websocket-jsr356:ws://127.0.0.1:" + server.port() + "/x?maxMessage=1k&reconnectDelay=10ms"))) {
            assertThat(close.get(20, TimeUnit.SECONDS)).isEqualTo(1008);
            await().atMost(LONG).until(() -> server.count() >= 2);
            assertThat(seen).isEmpty();
            assertThat(gateway.context.isStarted()).isTrue();
        }
    }

    @Test
    void tellsARouteThatAMessageWasCutInTheMiddle() throws Exception {
        byte[] half = "\u0002\u0003abc".getBytes(StandardCharsets.ISO_8859_1);
        try (ScriptedServer server = new ScriptedServer((request, talk) -> {
                    talk.say(accept(request)).say(half);
                    await().atMost(LONG).until(() -> !seen.isEmpty());
                });
                TestGateway gateway = new TestGateway()) {
            gateway.context.setStreamCaching(false);
            gateway.context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("websocket-jsr356:ws://127.0.0.1:" + server.port() + "/x?reconnectDelay=10s")
                            .process(WebSocketToAnotherServer.this::readToTheEnd);
                }
            });
            gateway.start();
            await().atMost(LONG).until(() -> seen.size() == 2);
            assertThat(next()).isEqualTo("abc");
            assertThat(next()).isEqualTo("the connection ended in the middle of the message");
        }
    }

    private void readToTheEnd(Exchange exchange) throws Exception {
        InputStream in = exchange.getMessage().getBody(InputStream.class);
        seen.add(new String(in.readNBytes(3), StandardCharsets.US_ASCII));
        try {
            seen.add(in.read());
        } catch (java.io.IOException e) {
            seen.add(e.getMessage());
        }
    }
}
