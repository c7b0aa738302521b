package org.needle.client;

import java.net.URI;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The network that is to be examined, by the gateway at its other end.
 *
 * @param url of the gateway, without path
 * @param topic that may be followed; null: any may
 * @param token may give null
 * @param watch how long connections that work are watched, in ms, for boxes that cut them
 */
public record Patient(
        URI url, @Nullable String topic, Supplier<@Nullable String> token, Dial.Settings way, long watch) {
    /** Long enough for a silent connection to be cut that may be silent for four seconds. */
    public static final long WATCH = 5_500;
}
