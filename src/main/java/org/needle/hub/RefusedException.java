package org.needle.hub;

/** The hub does not take an event. The message names the limit and the property that sets it. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RefusedException(String message) {
        super(message, null, false, false);
    }
}
