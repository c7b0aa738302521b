package org.needle.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of WHATWG HTML 9.2, byte by byte: {@code sse/vectors.json}, which JavaScript can run too. */
class SseVectors {
    private static final SseParser.Limits WIDE = new SseParser.Limits(1 << 20, 1 << 20);

    /** What a stream meant. */
    private record Meaning(List<SseEvent> events, List<Long> retry, String lastEventId) {}

    private record Vector(String why, String hex, Meaning meaning) {
        byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }

        static Vector of(JsonNode json) {
            String hex = json.has("hex")
                    ? text(json, "hex")
                    : HexFormat.of().formatHex(text(json, "text").getBytes(StandardCharsets.UTF_8));
            List<SseEvent> events = list(json.get("events"))
                    .map(event -> new SseEvent(text(event, "id"), text(event, "event"), text(event, "data")))
                    .toList();
            List<Long> retry = list(json.path("retry")).map(JsonNode::longValue).toList();
            return new Vector(text(json, "why"), hex, new Meaning(events, retry, text(json, "lastEventId")));
        }

        private static Stream<JsonNode> list(JsonNode array) {
            return StreamSupport.stream(array.spliterator(), false);
        }

        private static String text(JsonNode json, String field) {
            return json.get(field).textValue();
        }

        @Override
        public String toString() {
            return why;
        }
    }

    static Stream<Vector> all() throws IOException {
        try (InputStream file = Objects.requireNonNull(SseVectors.class.getResourceAsStream("/sse/vectors.json"))) {
            return StreamSupport.stream(new ObjectMapper().readTree(file).spliterator(), false)
                    .map(Vector::of);
        }
    }

    private static Meaning read(byte[] bytes, int... ends) throws DialException {
        List<SseEvent> events = new ArrayList<>();
        List<Long> retry = new ArrayList<>();
        SseParser parser = new SseParser(WIDE, "", new SseParser.Sink() {
            @Override
            public void event(SseEvent event) {
                events.add(event);
            }

            @Override
            public void retry(long millis) {
                retry.add(millis);
            }
        });
        int start = 0;
        for (int end : ends) {
            parser.feed(ByteBuffer.wrap(bytes, start, end - start));
            start = end;
        }
        parser.feed(ByteBuffer.wrap(bytes, start, bytes.length - start));
        return new Meaning(events, retry, parser.lastEventId());
    }

    @ParameterizedTest
    @MethodSource("all")
    void meanTheSameInOnePiece(Vector vector) throws DialException {
        assertThat(read(vector.bytes())).isEqualTo(vector.meaning());
    }

    @ParameterizedTest
    @MethodSource("all")
    void meanTheSameByteByByte(Vector vector) throws DialException {
        int[] ends = new int[vector.bytes().length];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = i + 1;
        }
        assertThat(read(vector.bytes(), ends)).isEqualTo(vector.meaning());
    }

    @ParameterizedTest
    @MethodSource("all")
    void meanTheSameCutInTwoOrThreeAnywhere(Vector vector) throws DialException {
        int length = vector.bytes().length;
        for (int i = 0; i <= length; i++) {
            for (int j = i; j <= length; j++) {
                assertThat(read(vector.bytes(), i, j))
                        .as("cut at %d and %d", i, j)
                        .isEqualTo(vector.meaning());
            }
        }
    }
}
