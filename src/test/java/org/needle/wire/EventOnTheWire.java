package org.needle.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.needle.hub.Content;
import org.needle.hub.Draft;
import org.needle.hub.Event;
import org.needle.hub.Gap;
import org.needle.hub.Position;
import org.needle.hub.Topic;

/** The bytes that clients get, against files: what changes them changes the protocol. */
class EventOnTheWire {
    private static final String HARD = "a\rb\nc\r\nd\n\ne\u0000\u2028\"\\/ :x \ud83d\ude00\t";

    @ParameterizedTest
    @EnumSource(Style.Format.class)
    void isWrittenAsInTheGoldenFile(Style.Format format) throws IOException {
        StringBuilder all = new StringBuilder();
        for (boolean sum : List.of(false, true)) {
            Style style = new Style(format, sum);
            add(all, Wire.event(event(1, Content.text(null, "plain")), style));
            add(all, Wire.event(event(2, Content.text("näme", HARD)), style));
            add(all, Wire.event(event(3, Content.text(null, "")), style));
            add(all, Wire.event(event(4, new Content(null, new byte[] {0, -1, 127, 10}, false)), style));
        }
        Style style = new Style(format, false);
        for (Control control : controls()) {
            add(all, Wire.control(control, "e1-5", style));
        }
        assertThat(all.toString()).isEqualTo(golden(format.name().toLowerCase(Locale.ROOT) + ".txt", all));
    }

    private static List<Control> controls() {
        return List.of(
                new Control.Hello(
                        new Control.Hello.Credentials("session-1", "nonce-1", "resume-1"),
                        "e1-5",
                        15_000,
                        3_000,
                        false,
                        List.of("sse", "poll")),
                new Control.Hole(new Gap(List.of("a", "b/**"), "e0-1", "e1-4", Gap.Reason.EPOCH)),
                new Control.Tick("e1-5"),
                new Control.Switch("websocket", "held-to-end"),
                new Control.Bye("drain", 1_234),
                new Control.Accepted("k", "id-1"),
                new Control.Refused(null, 404, "no route"),
                new Control.Echo("n\"1"));
    }

    private static Event event(long offset, Content content) {
        return Event.of(new Position("e1", offset), Draft.of(Topic.of("orders/eu"), content), 0);
    }

    private static void add(StringBuilder all, byte[] bytes) {
        all.append(new String(bytes, StandardCharsets.UTF_8)).append("-----\n");
    }

    /** Shows the new bytes in the failure if there is no file yet. */
    private static String golden(String name, StringBuilder fallback) throws IOException {
        try (@Nullable InputStream in = EventOnTheWire.class.getResourceAsStream("/golden/" + name)) {
            return new String(
                    Objects.requireNonNull(in, () -> name + " is missing:\n" + fallback)
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
        }
    }
}
