package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.edge.Transport;
import org.needle.hub.TopicFilter;

/** Requests whose meaning two parsers may see differently (RFC 9112, 6.3 and 11.2): 400, and the connection ends. */
class RequestThatIsMalformed {
    private static final OpenEdge EDGE = OpenEdge.start();
    private static final String HOST = "Host: localhost\r\n";
    private static final String POST = "POST /events?topic=t HTTP/1.1\r\n" + HOST;
    private static final String GET = "GET /info HTTP/1.1\r\n" + HOST;
    /** What a proxy that was fooled would take for the next request. */
    private static final String SMUGGLED = "GET /info?nonce=smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @BeforeAll
    static void takeWhatIsSentToT() {
        EDGE.edge()
                .messages()
                .listen(TopicFilter.of("t"), Set.of(Transport.values()), m -> CompletableFuture.completedFuture(null));
    }

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    static Stream<Arguments> requests() {
        Map<String, String> all = new LinkedHashMap<>();
        lengths(all);
        encodings(all);
        lineEnds(all);
        heads(all);
        targets(all);
        chunks(all);
        return all.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    private static void lengths(Map<String, String> all) {
        all.put(
                "length and chunks",
                POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
        all.put(
                "chunks and length",
                POST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED);
        all.put("two lengths", POST + "Content-Length: 0\r\nContent-Length: 5\r\n\r\nhello" + SMUGGLED);
        all.put("two lengths in one", POST + "Content-Length: 5, 6\r\n\r\nhello" + SMUGGLED);
        all.put("length with a plus", POST + "Content-Length: +5\r\n\r\nhello" + SMUGGLED);
        all.put("negative length", POST + "Content-Length: -5\r\n\r\nhello" + SMUGGLED);
        all.put("length in hex", POST + "Content-Length: 0x5\r\n\r\nhello" + SMUGGLED);
        all.put("same length twice", POST + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello" + SMUGGLED);
        all.put("same length twice in one", POST + "Content-Length: 5, 5\r\n\r\nhello" + SMUGGLED);
        all.put("length beyond a long", POST + "Content-Length: 99999999999999999999\r\n\r\nhello" + SMUGGLED);
        all.put("length with a space inside", POST + "Content-Length: 1 0\r\n\r\nhello" + SMUGGLED);
        all.put("empty length", POST + "Content-Length:\r\n\r\n" + SMUGGLED);
    }

    private static void targets(Map<String, String> all) {
        all.put("absolute form", "GET http://localhost/info HTTP/1.1\r\n" + HOST + "\r\n" + SMUGGLED);
        all.put("another host's absolute form", "GET http://evil.example/info HTTP/1.1\r\n" + HOST + "\r\n" + SMUGGLED);
        all.put("CONNECT", "CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + "\r\n" + SMUGGLED);
        all.put("CONNECT to a path", "CONNECT /info HTTP/1.1\r\n" + HOST + "\r\n" + SMUGGLED);
        all.put("asterisk form", "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n" + SMUGGLED);
        all.put("fragment of another host", "GET evil.example HTTP/1.1\r\n" + HOST + "\r\n" + SMUGGLED);
    }

    private static void chunks(Map<String, String> all) {
        String chunked = POST + "Transfer-Encoding: chunked\r\n\r\n";
        all.put("chunk size beyond an int", chunked + "100000005\r\nhello\r\n0\r\n\r\n" + SMUGGLED);
        all.put("chunk size beyond a long", chunked + "10000000000000005\r\nhello\r\n0\r\n\r\n" + SMUGGLED);
        all.put("chunk size in two words", chunked + "5 5\r\nhello\r\n0\r\n\r\n" + SMUGGLED);
        all.put("chunk size with a plus", chunked + "+5\r\nhello\r\n0\r\n\r\n" + SMUGGLED);
        all.put("chunk size with 0x", chunked + "0x5\r\nhello\r\n0\r\n\r\n" + SMUGGLED);
        all.put("bare LF after a chunk size", chunked + "5\nhello\r\n0\r\n\r\n" + SMUGGLED);
        all.put("bare LF in a chunk's extension", chunked + "5;a\nhello\r\n0\r\n\r\n" + SMUGGLED);
        all.put("space before the encoding's colon", POST + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
        all.put("encoding with a tab", POST + "Transfer-Encoding:\tx chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
        all.put("encoding behind a NUL", POST + "Transfer-Encoding: \0chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
        all.put("folded encoding", POST + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
    }

    private static void encodings(Map<String, String> all) {
        all.put("encoding that is not chunked", POST + "Transfer-Encoding: gzip\r\n\r\n" + SMUGGLED);
        all.put("encoding that is nearly chunked", POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
        all.put("chunked is not last", POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED);
        all.put(
                "chunked twice",
                POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
        all.put(
                "chunks in HTTP/1.0",
                POST.replace("1.1", "1.0") + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
    }

    private static void lineEnds(Map<String, String> all) {
        all.put("bare LF after the request line", "GET /info HTTP/1.1\n" + HOST + "\r\n" + SMUGGLED);
        all.put("bare LF after a header", GET + "A: b\nContent-Length: 0\r\n\r\n" + SMUGGLED);
        all.put("bare LF as the empty line", GET + "\n" + SMUGGLED);
        all.put("bare CR in a header", GET + "A: b\rContent-Length: 5\r\n\r\n" + SMUGGLED);
        all.put("folded header", GET + "A: b\r\n c\r\n\r\n" + SMUGGLED);
        all.put("folded first header", "GET /info HTTP/1.1\r\n Host: localhost\r\n\r\n" + SMUGGLED);
    }

    private static void heads(Map<String, String> all) {
        all.put("NUL in a value", GET + "A: b\0c\r\n\r\n" + SMUGGLED);
        all.put("NUL in a name", GET + "A\0: b\r\n\r\n" + SMUGGLED);
        all.put("NUL in the target", "GET /in\0fo HTTP/1.1\r\n" + HOST + "\r\n" + SMUGGLED);
        all.put("space before the colon", GET + "Content-Length : 5\r\n\r\nhello" + SMUGGLED);
        all.put("header without colon", GET + "nonsense\r\n\r\n" + SMUGGLED);
        all.put("header without name", GET + ": b\r\n\r\n" + SMUGGLED);
        all.put("bad byte in a name", GET + "A(b): c\r\n\r\n" + SMUGGLED);
        all.put("no host", "GET /info HTTP/1.1\r\n\r\n" + SMUGGLED);
        all.put("two hosts", GET + HOST + "\r\n" + SMUGGLED);
        all.put("bad method", "G@T /info HTTP/1.1\r\n" + HOST + "\r\n" + SMUGGLED);
        all.put("no version", "GET /info\r\n" + HOST + "\r\n" + SMUGGLED);
        all.put("bad version", "GET /info HTTP/1.x\r\n" + HOST + "\r\n" + SMUGGLED);
        all.put("not HTTP", "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n");
        all.put("chunk size that is no number", POST + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n" + SMUGGLED);
        all.put("negative chunk", POST + "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + SMUGGLED);
        all.put(
                "chunk longer than it says",
                POST + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n" + SMUGGLED);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void isRefusedAndEndsTheConnection(String what, String request) {
        try (Wire wire = new Wire(EDGE.port())) {
            Wire.Answer answer = wire.raw(request).answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.json().path("status").asInt()).isEqualTo(400);
            assertThat(answer.json().path("title").asText()).isNotBlank().doesNotContain("Exception");
            assertThat(wire.isEnded()).as("no second request is seen").isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/events",
                "/events?topic=",
                "/events?topic=a//b",
                "/events?topic=/a",
                "/events?topic=a/",
                "/events?topic=a%20b",
                "/events?topic=a%0Ab",
                "/events?topic=a%00b",
                "/events?topic=**/a",
                "/events?topic=a*",
                "/events?topic=t&topic=a//b",
                "/events?topic=%zz",
                "/events?topic=%ff%fe",
                "/events?topic=%E2%82",
                "/events?topic=t&position=a%20b",
                "/events?topic=t&position=a%0Ab",
                "/events?topic=t&session=short",
                "/events?topic=t&session=white%20space%20is%20not%20allowed",
                "/events?topic=t&transport=pigeon",
                "/events?topic=t&mode=nonsense",
                "/events?topic=t&wait=long",
                "/events?topic=t&wait=-1"
            })
    void hasATitleThatTellsWhatIsWrong(String target) {
        Wire.Answer answer = Wire.ask(EDGE.port(), "GET " + target + " HTTP/1.1", "Accept: text/event-stream");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.json().path("title").asText()).isNotBlank().doesNotContain("Exception");
        assertThat(answer.body()).doesNotContain("org.needle").doesNotContain("java.");
    }

    @Test
    void isAPositionInTheHeaderThatNobodyCouldHaveGiven() {
        Wire.Answer answer = Wire.ask(
                EDGE.port(), "GET /events?topic=t HTTP/1.1", "Accept: text/event-stream", "Last-Event-ID: a b");
        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void isATopicOf256Characters() {
        String longest = "/events?wait=0&transport=poll&topic=" + "a".repeat(255);
        assertThat(Wire.ask(EDGE.port(), "GET " + longest + " HTTP/1.1").status())
                .isEqualTo(200);
        assertThat(Wire.ask(EDGE.port(), "GET " + longest + "a HTTP/1.1").status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET http://other.example/info HTTP/1.1", "CONNECT other.example:443 HTTP/1.1"})
    void isNeverForwarded(String line) {
        Wire.Answer answer = Wire.ask(EDGE.port(), line);
        assertThat(answer.status()).isBetween(400, 499);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nope", "/event", "/events/", "/events/x", "/../events?topic=t", "/info/x", "/%2e%2e/x"})
    void isNotFound(String path) {
        Wire.Answer answer = Wire.ask(EDGE.port(), "GET " + path + " HTTP/1.1");
        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"DELETE /events?topic=t", "PUT /events?topic=t", "POST /info", "DELETE /receipts", "TRACE /info"
            })
    void isAMethodNotAllowed(String line) {
        Wire.Answer answer = Wire.ask(EDGE.port(), line + " HTTP/1.1", "Content-Length: 0");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).contains("GET");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "text/html", "application/json;q=0", "text/event-stream;q=0"})
    void asksForATypeThatThereIsNot(String accept) {
        Wire.Answer answer = Wire.ask(EDGE.port(), "GET /events?topic=t HTTP/1.1", "Accept: " + accept);
        assertThat(answer.status()).isEqualTo(406);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }
}
