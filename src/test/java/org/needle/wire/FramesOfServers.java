package org.needle.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.hub.Content;
import org.needle.hub.Event;
import org.needle.hub.Gap;
import org.needle.hub.Position;
import org.needle.hub.Topic;

class FramesOfServers {
    private static final Style OBJECT = new Style(Style.Format.OBJECT, true);

    private static String written(Control control) {
        return new String(Wire.control(control, "e-1", OBJECT), StandardCharsets.UTF_8);
    }

    private static byte[] event(Content content) {
        return Wire.object(
                new Event(new Position("e", 7), Topic.of("a/b"), content, null, new Event.Times(0, Long.MAX_VALUE)),
                true);
    }

    private static ServerFrame parsed(byte[] json) {
        return ServerFrames.parse(new String(json, StandardCharsets.UTF_8));
    }

    @Test
    void areReadAsTheyAreWritten() {
        Control.Hello hello = new Control.Hello(
                new Control.Hello.Credentials("session", "nonce", "resume"),
                "e-1",
                15_000,
                3_000,
                true,
                List.of("sse"));
        assertThat(ServerFrames.parse(written(hello)))
                .isEqualTo(new ServerFrame.Hello("session", "nonce", "resume", "e-1", 15_000));
        assertThat(ServerFrames.parse(written(new Control.Tick("e-2")))).isEqualTo(new ServerFrame.Tick("e-2"));
        assertThat(ServerFrames.parse(written(new Control.Bye("drain", 50))))
                .isEqualTo(new ServerFrame.Bye("drain", 50));
        assertThat(ServerFrames.parse(written(new Control.Echo("n")))).isEqualTo(new ServerFrame.Echo("n"));
        assertThat(ServerFrames.parse(written(new Control.Hole(new Gap(List.of("a"), "x-1", "e-1", Gap.Reason.EPOCH)))))
                .isEqualTo(new ServerFrame.Hole(List.of("a"), "x-1", "e-1", "epoch"));
        assertThat(ServerFrames.parse("{\"control\":\"later\",\"field\":{\"a\":[1]}}"))
                .isEqualTo(new ServerFrame.Other("later"));
    }

    @Test
    void eventsAreExactAndSummed() {
        assertThat(parsed(event(Content.text("n", "é\r\n\"\u2028\ud83d\ude00"))))
                .isEqualTo(new ServerFrame.Event("e-7", "a/b", "n", "é\r\n\"\u2028\ud83d\ude00", false, true));
        assertThat(parsed(event(new Content(null, new byte[] {0, -1}, false))))
                .isEqualTo(new ServerFrame.Event("e-7", "a/b", null, "AP8=", true, true));
    }

    @Test
    void changedDataIsNoticed() {
        String changed =
                new String(event(Content.text(null, "hello")), StandardCharsets.UTF_8).replace("hello", "~ello");
        assertThat(ServerFrames.parse(changed))
                .isInstanceOfSatisfying(ServerFrame.Event.class, event -> assertThat(event.intact())
                        .isFalse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"id\":\"e-1\",\"topic\":\"t\"}",
                "{\"id\":\"e 1\",\"topic\":\"t\",\"data\":\"d\"}",
                "{\"control\":\"tick\"}",
                "{\"control\":\"bye\",\"reason\":\"drain\",\"retryAfter\":\"1\"}",
                "{\"control\":\"tick\",\"position\":\"e-1\"} {}"
            })
    void whatIsDamagedIsNoFrame(String json) {
        assertThatThrownBy(() -> ServerFrames.parse(json)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPollIsAList() {
        String poll = "[" + written(new Control.Tick("e-2")) + "," + written(new Control.Bye("drain", 1)) + "]";
        assertThat(ServerFrames.poll(poll.getBytes(StandardCharsets.UTF_8))).hasSize(2);
        assertThatThrownBy(() -> ServerFrames.poll(poll.replace(']', ' ').getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void infoTellsWhatArrived() {
        String info = "{\"nonce\":\"n\",\"time\":1,\"transports\":[\"sse\"],\"heartbeat\":15000,"
                + "\"headers\":{\"accept\":\"a\",\"via\":\"1.0 x\"}}";
        assertThat(ServerFrames.info(info.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new ServerFrame.Info("n", Map.of("accept", "a", "via", "1.0 x"), ""));
    }
}
