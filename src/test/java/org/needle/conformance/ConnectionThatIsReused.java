package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Several requests on one connection, kept alive or sent ahead (RFC 9112, 9.3). */
class ConnectionThatIsReused {
    private static final OpenEdge EDGE = OpenEdge.start();

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    private static String info(String nonce) {
        return "GET /info?nonce=" + nonce + " HTTP/1.1";
    }

    @Test
    void answersOneAfterTheOther() {
        try (Wire wire = new Wire(EDGE.port())) {
            for (int i = 0; i < 5; i++) {
                assertThat(wire.send(info("n" + i))
                                .answer()
                                .json()
                                .path("nonce")
                                .asText())
                        .isEqualTo("n" + i);
                assertThat(wire.send("GET /nope HTTP/1.1").answer().status()).isEqualTo(404);
                assertThat(wire.send("GET /events?topic=t&transport=poll&wait=0 HTTP/1.1")
                                .answer()
                                .status())
                        .isEqualTo(200);
                assertThat(wire.post("/events?topic=nobody", "x").answer().status())
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() {
        try (Wire wire = new Wire(EDGE.port())) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                all.append(info("p" + i)).append("\r\nHost: localhost\r\n\r\n");
            }
            wire.raw(all.toString());
            for (int i = 0; i < 20; i++) {
                assertThat(wire.answer().json().path("nonce").asText()).isEqualTo("p" + i);
            }
        }
    }

    @Test
    void letsARequestWaitBehindAPollThatWaits() {
        String position = EDGE.publish("pipe", "0");
        try (Wire wire = new Wire(EDGE.port())) {
            wire.send("GET /events?topic=pipe&transport=poll&wait=20&position=" + position + " HTTP/1.1");
            wire.send(info("behind"));
            String id = EDGE.publish("pipe", "1");
            assertThat(wire.answer().header("Needle-Position")).isEqualTo(id);
            assertThat(wire.answer().json().path("nonce").asText()).isEqualTo("behind");
        }
    }

    @Test
    void readsARequestThatComesInPieces() {
        try (Wire wire = new Wire(EDGE.port())) {
            String text = info("pieces") + "\r\nHost: localhost\r\n\r\n";
            for (int i = 0; i < text.length(); i++) {
                wire.raw(text.substring(i, i + 1));
            }
            assertThat(wire.answer().json().path("nonce").asText()).isEqualTo("pieces");
        }
    }

    @Test
    void endsWhenTheClientSaysSo() {
        try (Wire wire = new Wire(EDGE.port())) {
            Wire.Answer answer = wire.send(info("last"), "Connection: close").answer();
            assertThat(answer.header("Connection")).isEqualToIgnoringCase("close");
            assertThat(wire.isEnded()).isTrue();
        }
        try (Wire wire = new Wire(EDGE.port())) {
            wire.send("GET /info?nonce=old HTTP/1.0").answer();
            assertThat(wire.isEnded()).isTrue();
        }
    }

    @Test
    void isKeptForHttp10IfAskedTo() {
        try (Wire wire = new Wire(EDGE.port())) {
            Wire.Answer answer =
                    wire.send("GET /info HTTP/1.0", "Connection: keep-alive").answer();
            assertThat(answer.header("Content-Length")).isNotEmpty();
            if (answer.header("Connection").equalsIgnoreCase("keep-alive")) {
                assertThat(wire.send("GET /info HTTP/1.0").answer().status()).isEqualTo(200);
            }
            assertThat(wire.isEnded()).isTrue();
        }
    }

    @Test
    void answersHeadWithoutABody() {
        try (Wire wire = new Wire(EDGE.port())) {
            Wire.Head head = wire.send("HEAD /info HTTP/1.1").head();
            assertThat(head.status()).isIn(200, 405);
            // a body would stand here, before the next answer
            assertThat(wire.send(info("n")).answer().json().path("nonce").asText())
                    .isEqualTo("n");
        }
    }
}
