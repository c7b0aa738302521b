package org.needle.access;

import java.io.IOException;
import java.util.List;

/** Where keys are read from. */
interface Source {
    /** All of it. May block for seconds. @throws IOException saying why not, without a word of what is there */
    byte[] read() throws IOException;

    /** The keys in it. @throws IllegalArgumentException saying what is wrong, without a word of the content */
    List<VerifyingKey> keys(byte[] content);

    /** Ms between looks. */
    long every();
}
