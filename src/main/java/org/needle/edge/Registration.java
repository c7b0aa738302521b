package org.needle.edge;

/** Undoes what returned it; closing twice does nothing. */
public interface Registration extends AutoCloseable {
    @Override
    void close();
}
