package org.needle.access;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;

/** Looks JSON over before anything is made of it: one object, not deep, and no name twice, which two readers would read differently. */
final class StrictJson {
    private static final int MAX_DEPTH = 16;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private StrictJson() {}

    /** @throws IllegalArgumentException without a word of the input */
    static void check(byte[] json) {
        try (JsonParser in = JSON.createParser(json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("is no JSON object");
            }
            in.skipChildren();
            if (in.nextToken() != null) {
                throw new IllegalArgumentException("has something behind its JSON object");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("is not JSON, or too deep, or has a name twice");
        }
    }
}
