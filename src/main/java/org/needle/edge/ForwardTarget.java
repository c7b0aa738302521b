package org.needle.edge;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a client asks for under {@code /proxy}: a name, and what goes on to the upstream. The path goes on exactly as it was
 * written, or not at all: two servers that read it differently are how one gets out of where it should stay.
 *
 * @param path empty, or beginning with a slash
 * @param query what is not the gateway's own
 */
record ForwardTarget(String name, String path, String query) {
    static final String PREFIX = "/proxy/";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern WRITTEN = Pattern.compile("(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*");
    private static final Pattern QUERY = Pattern.compile("(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*");
    private static final int MOST_ESCAPES = 4;
    private static final Set<String> OWN = Set.of(
            "transport",
            "position",
            "session",
            "resume",
            "receipts",
            "envelope",
            "sum",
            "mode",
            "wait",
            "open",
            "ticket");

    /** Whether the request is for an upstream. The path is looked at as it was written: escapes do not lead here. */
    static boolean isUnder(String uri) {
        return uri.startsWith(PREFIX);
    }

    /** @throws Refusal 404 if there is no name, 400 if the path could be read in two ways */
    static ForwardTarget of(String uri) {
        int mark = uri.indexOf('?');
        String written = mark < 0 ? uri : uri.substring(0, mark);
        int slash = written.indexOf('/', PREFIX.length());
        String name = written.substring(PREFIX.length(), slash < 0 ? written.length() : slash);
        if (!NAME.matcher(name).matches()) {
            throw new Refusal(404, "nothing is served at this path");
        }
        String path = slash < 0 ? "" : written.substring(slash);
        if (!WRITTEN.matcher(path).matches() || path.contains("//") || !isStraight(path)) {
            throw new Refusal(400, "the path has dots, slashes or escapes that could lead somewhere else");
        }
        return new ForwardTarget(name, path, mark < 0 ? "" : query(uri.substring(mark + 1)));
    }

    /** No segment is, or becomes when it is decoded however often, one that leads up or is two. */
    private static boolean isStraight(String path) {
        for (String segment : path.split("/", -1)) {
            String decoded = segment;
            for (int i = 0; i < MOST_ESCAPES && decoded.indexOf('%') >= 0; i++) {
                decoded = decoded(decoded);
            }
            String bare = decoded.contains(";") ? decoded.substring(0, decoded.indexOf(';')) : decoded;
            boolean dots = bare.trim().equals(".") || bare.trim().equals("..");
            if (dots || decoded.chars().anyMatch(c -> c == '/' || c == '\\' || c < ' ' || c == 0x7f)) {
                return false;
            }
        }
        return true;
    }

    /** Escapes that are none stay. */
    private static String decoded(String text) {
        byte[] out = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int value = c == '%' && i + 2 < text.length() ? hex(text, i + 1) : -1;
            out[length++] = (byte) (value < 0 ? c : value);
            i += value < 0 ? 0 : 2;
        }
        return new String(Arrays.copyOf(out, length), StandardCharsets.ISO_8859_1);
    }

    private static int hex(String text, int at) {
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static String query(String written) {
        if (!QUERY.matcher(written).matches()) {
            throw new Refusal(400, "the query has characters that must be escaped");
        }
        List<String> kept = new ArrayList<>();
        for (String parameter : written.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
            if (!parameter.isEmpty() && !OWN.contains(name)) {
                kept.add(parameter);
            }
        }
        return String.join("&", kept);
    }
}
