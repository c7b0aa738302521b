package org.needle.conformance;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.needle.hub.Content;

/** Event data that some client, proxy or parser is known to spoil. */
public final class Payloads {
    private Payloads() {}

    public static List<Content> all() {
        List<Content> all = new ArrayList<>();
        for (String text : List.of(
                "plain",
                "",
                " leading space",
                "  two leading spaces",
                ":leading colon",
                "trailing space ",
                "a\nb",
                "a\rb",
                "a\r\nb",
                "a\n\nb",
                "a\r\r\nb\n\r",
                "\n",
                "\r",
                "\r\n",
                "\nleading line end",
                "trailing line end\n",
                "data: x\nid: y\nevent: z\n\n",
                "nul \0 inside",
                "tab\tbell\u0007 escape\u001b delete\u007f",
                "\u2028 line and \u2029 paragraph and \u0085 next line",
                "\ufeffbyte order mark",
                "\ud83d\ude00 \ud83d\udc69\u200d\ud83d\ude80 \u00e9\u0301 \u4f60\u597d",
                "\"quotes\" \\ and / and </script>",
                "{\"json\": [1, 2, {\"id\": \"x\"}]}",
                "needle-hello")) {
            all.add(Content.text(null, text));
        }
        all.add(Content.text("named", "with a name"));
        all.add(Content.text("gr\u00f6\u00dfe \ud83d\ude00", "with a name that is not ASCII"));
        all.add(Content.text("message", "with the default name"));
        all.add(Content.text(null, large()));
        all.add(new Content(null, new byte[0], false));
        all.add(new Content("bytes", new byte[] {0, 13, 10, (byte) 0xc3, (byte) 0xff}, false));
        all.add(new Content(null, random(100_000), false));
        return all;
    }

    /** 1 MiB with everything in it, in about a thousand lines, and no short period. */
    private static String large() {
        StringBuilder text = new StringBuilder("1 MiB: ");
        String[] parts = {"\r\n", "\n", "\r", "\ud83d\ude00", "\u2028", "\"", "\\", "\0", "x", " "};
        String filler = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        Random random = new Random(42);
        int bytes = text.length();
        while (bytes < 1 << 20) {
            int kind = random.nextInt(parts.length * 5);
            String part = kind < parts.length ? parts[kind] : filler.substring(random.nextInt(20));
            bytes += part.getBytes(StandardCharsets.UTF_8).length;
            text.append(part);
        }
        return text.append("end").toString();
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new Random(43).nextBytes(bytes);
        return bytes;
    }

    /** The {@code data} of the JSON object. */
    public static String exact(Content content) {
        return content.text() ? content.string() : Base64.getEncoder().encodeToString(content.data());
    }

    /** What plain SSE can show of it. */
    public static String plain(Content content) {
        return exact(content).replace("\r\n", "\n").replace('\r', '\n');
    }
}
