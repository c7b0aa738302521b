package org.needle.hub;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An event's name and data. The array is shared, never copied, and must not be changed by anybody.
 *
 * @param name the event's name, or null; one line, no control characters
 * @param data text in UTF-8, or any bytes
 * @param text whether {@code data} is text
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose; identity is the event's position
public record Content(@Nullable String name, byte[] data, boolean text) {
    /** The longest event name, in characters. */
    public static final int MAX_NAME = 255;

    static final Content NONE = new Content(null, new byte[0], true);

    /** @throws IllegalArgumentException with a message fit for a user if the name is too long or has control characters */
    public Content {
        if (name != null
                && (name.isEmpty() || name.length() > MAX_NAME || name.chars().anyMatch(Content::isControl))) {
            throw new IllegalArgumentException(
                    "an event name has 1 to " + MAX_NAME + " characters and no CR, LF, NUL or other control character");
        }
    }

    public static Content text(@Nullable String name, String data) {
        return new Content(name, data.getBytes(StandardCharsets.UTF_8), true);
    }

    /** Text if {@code data} is valid UTF-8, else binary. */
    public static Content of(@Nullable String name, byte[] data) {
        return new Content(name, data, isUtf8(data));
    }

    /** Whether the bytes can be shown as text without loss. */
    public static boolean isUtf8(byte[] data) {
        // what is malformed becomes U+FFFD, which has other bytes
        return Arrays.equals(data, new String(data, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
    }

    /** The data as a string; only for text. */
    public String string() {
        return new String(data, StandardCharsets.UTF_8);
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
    }
}
