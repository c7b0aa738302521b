package org.needle.camel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.util.StringHelper;
import org.jspecify.annotations.Nullable;

/**
 * Reads the texts of options. A wrong one is noted, not thrown, so that {@link #check} can report all of them together. Used
 * by one thread.
 */
final class OptionReader {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})([kmg]?)b?");
    private static final Pattern TIME =
            Pattern.compile("(?:(\\d{1,6})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?(?:(\\d{1,12})ms)?");
    private static final long[] MILLIS = {86_400_000, 3_600_000, 60_000, 1_000, 1};

    private final String prefix;
    private final boolean dashes;
    private final List<String> wrong = new ArrayList<>();

    /** @param prefix of the properties' names, with its dot at the end */
    OptionReader(String prefix) {
        this(prefix, true);
    }

    private OptionReader(String prefix, boolean dashes) {
        this.prefix = prefix;
        this.dashes = dashes;
    }

    /** Of the options in a URI, which are named as they are written there. */
    static OptionReader ofEndpoint(String prefix) {
        return new OptionReader(prefix, false);
    }

    /** A whole number; {@code least} if the text is wrong. */
    int number(String option, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text.trim());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        wrong(option, text, "must be a whole number from " + least + (most == Integer.MAX_VALUE ? "" : " to " + most));
        return least;
    }

    /** Bytes, at least 1; 1 if the text is wrong. */
    long size(String option, String text, long most) {
        Matcher size = SIZE.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (size.matches()) {
            int shift =
                    " kmg".indexOf(size.group(2).isEmpty() ? ' ' : size.group(2).charAt(0)) * 10;
            long bytes = Long.parseLong(size.group(1));
            if (bytes >= 1 && bytes <= most >> shift) {
                return bytes << shift;
            }
        }
        wrong(option, text, "must be a size of at least 1, as 65536, 64k, 1m or 1g" + atMost(most));
        return 1;
    }

    private static String atMost(long most) {
        return most == Long.MAX_VALUE ? "" : ", and at most " + most;
    }

    /** A time longer than nothing; 1 ms if the text is wrong. */
    Duration time(String option, String text) {
        Duration time = time(text);
        if (time != null && !time.isZero()) {
            return time;
        }
        wrong(option, text, "must be a time, as 500ms, 30s, 10m, 1h30m or 1d");
        return Duration.ofMillis(1);
    }

    /** The time that the text says, or null if it says none. */
    static @Nullable Duration time(String text) {
        String time = text.trim().toLowerCase(Locale.ROOT);
        Matcher parts = TIME.matcher(time.matches("\\d+") ? time + "ms" : time);
        if (time.isEmpty() || !parts.matches()) {
            return null;
        }
        long millis = 0;
        for (int i = 0; i < MILLIS.length; i++) {
            String part = parts.group(i + 1);
            millis += part == null ? 0 : Long.parseLong(part) * MILLIS[i];
        }
        return Duration.ofMillis(millis);
    }

    boolean flag(String option, String text) {
        String flag = text.trim().toLowerCase(Locale.ROOT);
        if (!flag.equals("true") && !flag.equals("false")) {
            wrong(option, text, "must be true or false");
        }
        return flag.equals("true");
    }

    /** One of the names of an enum, in any case; its first value if the text is wrong. */
    <E extends Enum<E>> E name(String option, String text, Class<E> type) {
        List<String> names = new ArrayList<>();
        for (E value : type.getEnumConstants()) {
            if (value.name().equalsIgnoreCase(text.trim())) {
                return value;
            }
            names.add(value.name().toLowerCase(Locale.ROOT));
        }
        wrong(option, text, "must be one of " + String.join(", ", names));
        return type.getEnumConstants()[0];
    }

    /**
     * @param text empty where the name itself is wrong
     * @param why what is wrong, and what would be right
     */
    void wrong(String option, String text, String why) {
        String name = !dashes || option.contains("[") ? option : StringHelper.camelCaseToDash(option);
        wrong.add(prefix + name + (text.isEmpty() ? "" : "=" + text) + ": " + why);
    }

    /** The parts of a list with commas, without those that are blank. */
    static List<String> list(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::trim)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /** @throws IllegalArgumentException naming every wrong property, if there is one */
    void check() {
        if (wrong.size() == 1) {
            throw new IllegalArgumentException(wrong.get(0));
        }
        if (!wrong.isEmpty()) {
            StringBuilder all = new StringBuilder(wrong.size() + " properties are wrong:");
            for (int i = 0; i < wrong.size(); i++) {
                // numbered, because many a log makes one line of it
                all.append("\n  (").append(i + 1).append(") ").append(wrong.get(i));
            }
            throw new IllegalArgumentException(all.toString());
        }
    }
}
