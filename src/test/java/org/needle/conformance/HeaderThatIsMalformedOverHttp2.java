package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What would be two lines, or another request, were it written down as HTTP/1 (RFC 9113, 8.2.1 and 10.3): never served. */
class HeaderThatIsMalformedOverHttp2 {
    private static final byte STATUS_200 = (byte) 0x88;

    @TempDir
    private static Path folder;

    private static OpenEdge edge;

    @BeforeAll
    static void start() {
        edge = OpenEdge.start(plan -> plan.tls(new TestKeys(folder).keys()));
    }

    @AfterAll
    static void stop() {
        edge.close();
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                Arguments.of("a folded value", "a", "b\r\n c"),
                Arguments.of("a second header in a value", "a", "b\r\nx-forwarded-for: 203.0.113.1"),
                Arguments.of("a second request in a value", "a", "b\r\n\r\nGET /info HTTP/1.1\r\nhost: x"),
                Arguments.of("LF in a value", "a", "b\nc"),
                Arguments.of("CR in a value", "a", "b\rc"),
                Arguments.of("NUL in a value", "a", "b\0c"),
                Arguments.of("CRLF in a name", "a\r\nb", "c"),
                Arguments.of("NUL in a name", "a\0b", "c"),
                Arguments.of("a space in a name", "a b", "c"),
                Arguments.of("a colon in a name", "a:b", "c"),
                Arguments.of("no name", "", "c"),
                Arguments.of("an upper-case name", "Aa", "c"),
                Arguments.of("transfer-encoding", "transfer-encoding", "chunked"),
                Arguments.of("connection", "connection", "x"));
    }

    /** HPACK: a header that is in no table. */
    private static byte[] literal(String name, String value) {
        return ByteBuffer.allocate(3 + name.length() + value.length())
                .put((byte) 0)
                .put((byte) name.length())
                .put(name.getBytes(StandardCharsets.ISO_8859_1))
                .put((byte) value.length())
                .put(value.getBytes(StandardCharsets.ISO_8859_1))
                .array();
    }

    private static boolean isServed(byte[] more) throws IOException {
        try (RawHttp2 client = new RawHttp2(edge.tlsPort())) {
            byte[] get = RawHttp2.get("/info");
            byte[] block = ByteBuffer.allocate(get.length + more.length)
                    .put(get)
                    .put(more)
                    .array();
            client.send(RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, 1, block);
            client.send(RawHttp2.PING, 0, 0, new byte[8]);
            client.flush();
            List<RawHttp2.Received> all = client.readAnswer(1);
            return all.stream()
                    .anyMatch(frame -> frame.type() == RawHttp2.HEADERS
                            && frame.stream() == 1
                            && frame.payload().get(0) == STATUS_200);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("headers")
    void isNotServed(String what, String name, String value) throws IOException {
        assertThat(isServed(literal("a", "b"))).as("without it").isTrue();
        assertThat(isServed(literal(name, value))).as(what).isFalse();
    }
}
