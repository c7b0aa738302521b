package org.needle.path;

/** How a client behaves when its response ends, which decides what may be done for it. */
public enum Manner {
    /** Nobody knows that it comes back: its response is never ended for its own good. */
    STAYS,
    /** Comes back by itself and says up to where it has got everything, as an EventSource does, but says nothing while it is connected. */
    RETURNS,
    /** Comes back, and says what has arrived: it promised receipts. */
    TELLS
}
