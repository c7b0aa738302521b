package org.needle.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesOfClients {
    private static ClientFrame parse(String json) {
        return Frames.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void areToldApart() {
        assertThat(parse("{\"control\":\"open\",\"topics\":[\"a\",\"b\"],\"position\":\"e-1\",\"later\":{\"x\":[1]}}"))
                .isEqualTo(new ClientFrame.Open(null, "e-1", List.of("a", "b"), null, null));
        assertThat(parse("{\"control\":\"receipt\",\"nonce\":\"n\"}"))
                .isEqualTo(new ClientFrame.Receipt(null, "n", null, Map.of()));
        assertThat(parse("{\"control\":\"echo\",\"nonce\":\"n\"}")).isEqualTo(new ClientFrame.Echo("n"));
        assertThat(parse("{\"topic\":\"t\",\"event\":\"e\",\"data\":\"d\\u0000\",\"key\":\"k\"}"))
                .isInstanceOfSatisfying(ClientFrame.Message.class, message -> {
                    assertThat(message.topic()).isEqualTo("t");
                    assertThat(message.content().string()).isEqualTo("d\u0000");
                    assertThat(message.key()).isEqualTo("k");
                });
        assertThat(parse("{\"topic\":\"t\",\"data\":\"AP8=\",\"encoding\":\"base64\"}"))
                .isInstanceOfSatisfying(
                        ClientFrame.Message.class,
                        message -> assertThat(message.content().data()).containsExactly(0, 255));
    }

    @Test
    void tellVerdictsByName() {
        String told = "{\"sse\":\"held-to-end\",\"cycle\":1,\"deep\":{\"x\":[2]},\"websocket\":\"clear\"}";
        assertThat(parse("{\"control\":\"receipt\",\"nonce\":\"n\",\"position\":\"e-1\",\"verdicts\":" + told + "}"))
                .isEqualTo(
                        new ClientFrame.Receipt(null, "n", "e-1", Map.of("sse", "held-to-end", "websocket", "clear")));
        StringBuilder many = new StringBuilder("\"a\":\"b\"");
        for (int i = 0; i < 10_000; i++) {
            many.append(",\"a").append(i).append("\":\"b\"");
        }
        assertThat(parse("{\"control\":\"receipt\",\"nonce\":\"n\",\"verdicts\":{" + many + "}}"))
                .isInstanceOfSatisfying(ClientFrame.Receipt.class, receipt -> assertThat(receipt.verdicts())
                        .hasSize(16));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "1",
                "{",
                "{}",
                "{\"topic\":\"t\"}",
                "{\"topic\":1,\"data\":\"d\"}",
                "{\"control\":\"other\"}",
                "{\"control\":\"echo\"}",
                "{\"control\":\"open\",\"topics\":[1]}",
                "{\"control\":\"echo\",\"nonce\":\"n\"} x",
                "{\"topic\":\"t\",\"data\":\"d\",\"event\":\"a\\nb\"}",
                "{\"topic\":\"t\",\"data\":\"%\",\"encoding\":\"base64\"}"
            })
    void areRefusedWhenTheyAreNone(String json) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(json));
    }

    @Test
    void areRefusedWhenTheyAreDeep() {
        String deep = "{\"x\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";
        assertThatIllegalArgumentException().isThrownBy(() -> parse(deep));
    }
}
