package org.needle.path;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The files that Java and JavaScript both run; each says itself what its fields mean. */
final class Vectors {
    private Vectors() {}

    static JsonNode read(String name) throws IOException {
        try (InputStream in = Vectors.class.getResourceAsStream("/path/" + name)) {
            if (in == null) {
                throw new IOException("no vectors " + name);
            }
            return new ObjectMapper().readTree(in);
        }
    }

    static Stream<JsonNode> each(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    static List<String> texts(@Nullable JsonNode array) {
        return array == null ? List.of() : each(array).map(JsonNode::textValue).toList();
    }

    static long number(JsonNode of, String field, long otherwise) {
        return of.has(field) ? of.get(field).longValue() : otherwise;
    }

    static Rung rung(String label) {
        Rung rung = Rung.of(label);
        if (rung == null) {
            throw new IllegalArgumentException("no rung " + label);
        }
        return rung;
    }

    static Verdict verdict(String label) {
        Verdict verdict = Verdict.of(label);
        if (verdict == null) {
            throw new IllegalArgumentException("no verdict " + label);
        }
        return verdict;
    }

    static Beside.Info info(String label) {
        return Beside.Info.valueOf(label.toUpperCase(Locale.ROOT));
    }
}
