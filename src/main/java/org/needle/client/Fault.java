package org.needle.client;

import java.util.Locale;

/** Why an attempt, a stream or a socket came to nothing. */
public enum Fault {
    /** The host name means nothing here. */
    UNRESOLVED,
    /** Nobody listens there, or the network says that there is no way. */
    REFUSED,
    /** No connection, or no answer, within the time given. */
    TIMEOUT,
    /** Encryption failed: a certificate that is not trusted, or no TLS at the other end. */
    TLS,
    /** A proxy asks for credentials, or does not take those that were given. */
    PROXY_AUTH,
    /** The proxy does not let the connection through. */
    PROXY_REFUSED,
    /** Answered, but not by what was asked for; the status says more. */
    ANSWERED,
    /** The connection ended in the middle. */
    CUT,
    /** Nothing came, not even a sign of life, for longer than agreed. */
    SILENT,
    /** A line of a stream is longer than allowed. */
    LINE_TOO_LONG,
    /** The data of one event is larger than allowed. */
    EVENT_TOO_LARGE,
    /** A WebSocket message is larger than allowed. */
    MESSAGE_TOO_LARGE,
    /** More waits to be sent than allowed, because the other end does not read. */
    BACKLOG;

    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
