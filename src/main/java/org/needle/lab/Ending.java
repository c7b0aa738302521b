package org.needle.lab;

/** How a connection ends, as each side sees it. */
public enum Ending {
    /** Both are told in good order, after what is on its way. */
    FIN,
    /** Both are reset. */
    RESET,
    /** The client is reset; the server is not told. */
    RESET_CLIENT,
    /** The server is reset; the client is not told. */
    RESET_SERVER,
    /** Nobody is told, and nothing passes any more. */
    SILENCE
}
