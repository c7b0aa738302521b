package org.needle.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A {@link Fault} with what is known of it. The message names it and holds no query and no secret. */
public final class DialException extends IOException {
    private static final long serialVersionUID = 1;

    private final Fault fault;
    private final int status;

    public DialException(Fault fault, String what, @Nullable Throwable cause) {
        this(fault, 0, what, cause);
    }

    DialException(Fault fault, int status, String what, @Nullable Throwable cause) {
        super(fault.label() + ": " + what, cause);
        this.fault = fault;
        this.status = status;
    }

    public Fault fault() {
        return fault;
    }

    /** The HTTP status that was answered, by a proxy too; 0 if there was none. */
    public int status() {
        return status;
    }
}
