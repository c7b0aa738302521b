package org.needle.hub;

/** The only place where the machine's clock is read; everything else is handed a clock. */
public final class SystemClock {
    private SystemClock() {}

    /** Ms since 1970. */
    public static long millis() {
        return System.currentTimeMillis();
    }

    /** Ns since some moment; only differences mean something. */
    public static long nanos() {
        return System.nanoTime();
    }
}
