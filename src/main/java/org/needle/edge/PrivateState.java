package org.needle.edge;

/** What has become of a forwarded request. */
enum PrivateState {
    /** The head of the answer has not come. */
    ASKED,
    STREAMING,
    ENDED,
    FAILED,
    /** Passed through, refused or forgotten: nobody can come back to it. */
    GONE;

    boolean isOver() {
        return this == ENDED || this == FAILED;
    }
}
