package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.needle.access.Mint;
import org.needle.edge.ClientMessage;
import org.needle.edge.Socket;
import org.needle.edge.SocketListener;
import org.needle.edge.Transport;
import org.needle.hub.TopicFilter;

/** A token decides to which topics its bearer may send. */
class ClientThatMaySpeak {
    private final Mint mint = new Mint();
    private final OpenEdge edge = OpenEdge.start(plan -> plan.guardedBy(mint.access()));
    private final List<ClientMessage> taken = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    ClientThatMaySpeak() {
        edge.edge().messages().listen(TopicFilter.of("chat/**"), Set.of(Transport.values()), message -> {
            taken.add(message);
            return CompletableFuture.completedFuture(null);
        });
    }

    @AfterEach
    void stop() {
        edge.close();
    }

    private String bearer() {
        return "Authorization: Bearer " + mint.token(mint.claims("me", List.of("t"), List.of("chat/a", "nobody/*")));
    }

    private Wire.Answer post(String topic, String... headers) {
        try (Wire wire = new Wire(edge.port())) {
            return wire.post("/events?topic=" + topic, "hi", headers).answer();
        }
    }

    @Test
    void isHeardUnderItsName() {
        assertThat(post("chat/a", bearer()).status()).isEqualTo(202);
        assertThat(taken).hasSize(1);
        assertThat(taken.get(0).sender().subject()).isEqualTo("me");
    }

    @Test
    void isNotHeardElsewhereAndNotToldWhoListens() {
        assertThat(post("chat/a").status()).isEqualTo(401);
        Wire.Answer listened = post("chat/b", bearer());
        Wire.Answer deserted = post("desert/b", bearer());
        assertThat(listened.status()).isEqualTo(403);
        assertThat(listened.body()).isEqualTo(deserted.body());
        assertThat(deserted.status()).isEqualTo(403);
        assertThat(post("nobody/here", bearer()).status()).isEqualTo(404);
        assertThat(taken).isEmpty();
    }

    @Test
    void isHeardOnAWebSocketWithinTheSameBounds() {
        try (RawWebSocket socket = new RawWebSocket(edge.port(), "/events?topic=t", bearer())) {
            socket.next();
            socket.text("{\"topic\":\"chat/b\",\"data\":\"no\",\"key\":\"1\"}");
            JsonNode refused = socket.next();
            assertThat(refused.path("control").asText()).isEqualTo("refused");
            assertThat(refused.path("status").asInt()).isEqualTo(403);
            socket.text("{\"topic\":\"chat/a\",\"data\":\"yes\",\"key\":\"2\"}");
            assertThat(socket.next().path("control").asText()).isEqualTo("accepted");
        }
        assertThat(taken).extracting(message -> message.content().string()).containsExactly("yes");
        assertThat(taken.get(0).sender().subject()).isEqualTo("me");
    }

    @Test
    void isHeardInItsSessionWithoutTheToken() {
        try (RawWebSocket socket = new RawWebSocket(edge.port(), "/events?topic=t", bearer())) {
            JsonNode hello = socket.next();
            String session = "&session=" + hello.path("session").asText();
            assertThat(post("chat/a" + session + "&resume="
                                    + hello.path("resume").asText())
                            .status())
                    .isEqualTo(202);
            assertThat(post("chat/a" + session + "&resume=guessed").status()).isEqualTo(401);
            String other = mint.token(mint.claims("other", List.of("t"), List.of("chat/a")));
            assertThat(post("chat/a" + session, "Authorization: Bearer " + other)
                            .status())
                    .isEqualTo(403);
        }
        assertThat(taken).hasSize(1);
        assertThat(taken.get(0).sender().session()).isNotEmpty();
    }

    @Test
    void needsATokenForAPlainSocketToo() {
        edge.edge().sockets().open("/plain", new SocketListener() {
            @Override
            public CompletionStage<Void> onText(Socket socket, String text) {
                heard.add(socket.subject() + ":" + text);
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public CompletionStage<Void> onBinary(Socket socket, byte[] data) {
                return CompletableFuture.completedFuture(null);
            }
        });
        Wire.Answer none = Wire.ask(
                edge.port(),
                "GET /plain HTTP/1.1",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: " + RawWebSocket.KEY);
        assertThat(none.status()).isEqualTo(401);
        try (RawWebSocket socket = new RawWebSocket(edge.port(), "/plain", bearer())) {
            socket.text("hi");
            Subscriber.soon().until(() -> heard.contains("me:hi"));
            mint.pass(3601);
            assertThat(socket.closeStatus()).isEqualTo(4401);
        }
    }
}
