package org.needle.edge;

/** Asks an upstream. Called on an event loop: must not block. */
public interface Forwarder {
    /** The answer goes to {@code to}, from any thread. What is returned lets the upstream go; any thread may call it, at any time. */
    Runnable forward(ForwardRequest request, ForwardAnswer to);
}
