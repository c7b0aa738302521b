package org.needle.client;

/** The time, which is handed in. */
public interface Times {
    /** Ms of a clock that does not go back. */
    long steady();

    /** Ms since 1970. */
    long wall();
}
