package org.needle.edge;

/** A request is not granted. Never leaves this package; carries no stack trace because it is the client's doing. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    /** @param title what is wrong and what to do, for a human */
    Refusal(int status, String title) {
        super(title, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }

    String title() {
        return String.valueOf(getMessage());
    }
}
