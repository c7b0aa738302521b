package org.needle.edge;

import java.util.regex.Pattern;

/** The syntax of the keys that clients give their messages. */
final class MessageId {
    static final String RULE = "a message's key is 1 to 255 visible ASCII characters without quotes and backslash";
    private static final Pattern VALID = Pattern.compile("[!#-\\[\\]-~]{1,255}");

    private MessageId() {}

    static boolean isValid(String key) {
        return VALID.matcher(key).matches();
    }
}
