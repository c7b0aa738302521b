package org.needle.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** {@code ladder.json}. */
class LadderThatIsWalked {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> movesLikeTheVector() throws IOException {
        return Vectors.each(Vectors.read("ladder.json").get("walks"))
                .map(each -> dynamicTest(each.get("name").textValue(), () -> walk(each)));
    }

    private static void walk(JsonNode vector) {
        Ladder ladder = Ladder.of(plan(vector));
        for (JsonNode step : vector.get("steps")) {
            Ladder.Move move = ladder.on(
                    fact(step.get("fact")),
                    step.get("at").longValue(),
                    step.has("chance") ? step.get("chance").doubleValue() : 0.5);
            ladder = move.next();
            assertThat(move(move))
                    .as("at " + step.get("at") + ": " + step.get("fact"))
                    .isEqualTo(expected(step));
        }
    }

    private static Plan plan(JsonNode vector) {
        Plan plan = vector.has("order")
                ? Plan.DEFAULT.over(Vectors.texts(vector.get("order")).stream()
                        .map(Vectors::rung)
                        .toList())
                : Plan.DEFAULT;
        return vector.has("probe") ? plan.probing(vector.get("probe").longValue()) : plan;
    }

    private static Fact fact(JsonNode fact) {
        return switch (fact.get(0).textValue()) {
            case "start" -> new Fact.Start(fact.has(1) ? memory(fact.get(1)) : null);
            case "checked" ->
                new Fact.Checked(
                        Vectors.info(fact.get(1).textValue()),
                        fact.has(2) ? fact.get(2).longValue() : 0);
            case "proved" -> new Fact.Proved(rung(fact));
            case "over" ->
                new Fact.Over(
                        rung(fact),
                        Vectors.verdict(fact.get(2).textValue()),
                        fact.get(3).longValue(),
                        fact.get(4).longValue());
            case "bye" -> new Fact.Bye(rung(fact), fact.get(2).longValue());
            case "switch" ->
                new Fact.Switch(rung(fact), Vectors.verdict(fact.get(2).textValue()));
            case "refused" -> new Fact.Refused(rung(fact));
            case "wake" -> new Fact.Wake();
            case "network" -> new Fact.Network();
            case "time" -> new Fact.Time();
            default -> throw new IllegalArgumentException("no fact " + fact);
        };
    }

    private static Rung rung(JsonNode fact) {
        return Vectors.rung(fact.get(1).textValue());
    }

    private static Plan.Memory memory(JsonNode memory) {
        Map<Rung, Verdict> out = new EnumMap<>(Rung.class);
        memory.get("out")
                .properties()
                .forEach(each -> out.put(
                        Vectors.rung(each.getKey()),
                        Vectors.verdict(each.getValue().textValue())));
        return new Plan.Memory(Vectors.rung(memory.get("rung").textValue()), out);
    }

    private static ObjectNode move(Ladder.Move move) {
        Rung on = move.next().on();
        Map<String, String> out = new TreeMap<>();
        move.next().out().forEach((rung, verdict) -> out.put(rung.label(), verdict.label()));
        return result(
                move.acts().stream().map(Act::toString).toList(), move.wake(), on == null ? null : on.label(), out);
    }

    private static ObjectNode expected(JsonNode step) {
        Map<String, String> out = new TreeMap<>();
        if (step.has("out")) {
            step.get("out")
                    .properties()
                    .forEach(each -> out.put(each.getKey(), each.getValue().textValue()));
        }
        return result(
                Vectors.texts(step.get("do")),
                Vectors.number(step, "wake", -1),
                step.has("on") ? step.get("on").textValue() : null,
                out);
    }

    private static ObjectNode result(List<String> acts, long wake, @Nullable String on, Map<String, String> out) {
        ObjectNode result = JSON.createObjectNode();
        acts.forEach(result.putArray("do")::add);
        result.put("wake", wake);
        result.put("on", on);
        out.forEach(result.putObject("out")::put);
        return result;
    }
}
