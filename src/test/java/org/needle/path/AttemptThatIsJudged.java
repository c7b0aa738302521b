package org.needle.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** {@code verdicts.json}. */
class AttemptThatIsJudged {
    @TestFactory
    Stream<DynamicTest> getsTheVerdictOfTheVector() throws IOException {
        return Vectors.each(Vectors.read("verdicts.json").get("verdicts"))
                .map(each -> dynamicTest(
                        each.get("rung").textValue() + ": " + each.get("name").textValue(),
                        () -> assertThat(attempt(each).judge(each.get("now").longValue()))
                                .isEqualTo(finding(each.get("expect")))));
    }

    @Test
    void everyVerdictHasAVector() throws IOException {
        Set<String> expected = Vectors.each(Vectors.read("verdicts.json").get("verdicts"))
                .map(each -> each.get("expect").get("verdict").asText())
                .collect(Collectors.toSet());
        assertThat(expected)
                .containsAll(Stream.of(Verdict.values()).map(Verdict::label).toList());
    }

    @Test
    void itsTimesFollowFromWhatTheWayTakes() throws IOException {
        JsonNode vectors = Vectors.read("verdicts.json");
        Vectors.each(vectors.get("budgets"))
                .forEach(each -> assertThat(Beside.budget(each.get(0).longValue()))
                        .isEqualTo(each.get(1).longValue()));
        Vectors.each(vectors.get("silences"))
                .forEach(each -> assertThat(Beside.silence(each.get(0).longValue()))
                        .isEqualTo(each.get(1).longValue()));
        Vectors.each(vectors.get("holds")).forEach(each -> {
            Hold hold = new Hold(each.get("ms").longValue());
            assertThat(hold.cut().ms()).isEqualTo(each.get("cut").longValue());
            assertThat(hold.full().ms()).isEqualTo(each.get("full").longValue());
        });
    }

    private static Attempt attempt(JsonNode vector) {
        return new Attempt(
                Vectors.rung(vector.get("rung").textValue()),
                Vectors.number(vector, "hold", 0),
                new Beside(
                        vector.has("info") ? Vectors.info(vector.get("info").textValue()) : null,
                        Vectors.number(vector, "rtt", 10),
                        Vectors.number(vector, "connect", -1),
                        Vectors.texts(vector.get("missing")),
                        vector.has("http10")),
                Vectors.each(vector.get("seen"))
                        .map(each -> new Seen(
                                each.get(0).longValue(),
                                Seen.What.of(each.get(1).textValue()),
                                each.has(2) ? each.get(2).longValue() : 0))
                        .toList());
    }

    private static Finding finding(JsonNode expect) {
        return new Finding(
                expect.get("verdict").isNull()
                        ? null
                        : Vectors.verdict(expect.get("verdict").textValue()),
                expect.get("proved").booleanValue(),
                Vectors.number(expect, "number", 0),
                Vectors.number(expect, "wake", -1));
    }
}
