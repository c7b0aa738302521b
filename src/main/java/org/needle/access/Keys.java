package org.needle.access;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that tokens may be signed with, kept fresh by a thread of its own: a file is looked into every second, a URL fetched
 * every five minutes, and sooner, but not within {@value #MISS_MS} ms, when a token names a key that is not there. New content
 * that is broken changes nothing but a line in the log.
 */
public final class Keys {
    private static final Logger LOG = LoggerFactory.getLogger(Keys.class);
    private static final long MISS_MS = 30_000;
    private static final long RETRY_MS = 1_000;
    private static final long TICK_MS = 1_000;

    private final String name;
    private final Source source;
    private final LongSupplier clock;

    // any thread
    private volatile List<VerifyingKey> current = List.of();
    private volatile boolean missed;

    // the thread that looks; before start the one that makes this
    private byte[] content = {};
    private String trouble = "";
    private long lookedAt = Long.MIN_VALUE / 2;
    private long wait;

    private @Nullable ScheduledExecutorService thread;

    private Keys(String name, Source source, LongSupplier clock) {
        this.name = name;
        this.source = source;
        this.clock = clock;
    }

    /**
     * A PEM file with public keys, or a file with an HMAC secret.
     *
     * @param name of the setting, for the log
     * @throws IllegalArgumentException saying what is wrong with the file
     */
    public static Keys ofFile(String name, String file, LongSupplier clock) {
        return new Keys(name, new KeyFile(path(file), false), clock).loaded();
    }

    /**
     * A JWK set. A file must be there and right; a URL may be away for the time being, and until it is there every token is
     * refused.
     *
     * @param location of a file, or a URL
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Keys ofJwks(String name, String location, LongSupplier clock) {
        return location.contains("://")
                ? new Keys(name, new KeyUrl(url(location)), clock)
                : new Keys(name, new KeyFile(path(location), true), clock).loaded();
    }

    private static Path path(String file) {
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("is no file", e);
        }
    }

    private static URI url(String location) {
        try {
            return new URI(location);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is no URL", e);
        }
    }

    private Keys loaded() {
        try {
            content = source.read();
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        current = source.keys(content);
        return this;
    }

    List<VerifyingKey> current() {
        return current;
    }

    /** A token named a key that is not here. */
    void miss() {
        missed = true;
    }

    /** Looks once, which may take seconds, and from then on every now and then. */
    synchronized void start() {
        if (thread == null) {
            look();
            ScheduledExecutorService every = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread made = new Thread(task, "needle-keys");
                made.setDaemon(true);
                return made;
            });
            every.scheduleWithFixedDelay(this::look, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
            thread = every;
        }
    }

    synchronized void stop() {
        if (thread != null) {
            thread.shutdownNow();
            thread = null;
        }
    }

    /** Reads the source if it is time to. */
    void look() {
        long since = clock.getAsLong() - lookedAt;
        if (since < wait && !(missed && since >= MISS_MS)) {
            return;
        }
        lookedAt = clock.getAsLong();
        missed = false;
        try {
            byte[] fresh = source.read();
            if (!Arrays.equals(fresh, content)) {
                current = source.keys(fresh);
                content = fresh;
                LOG.info("{}: {} keys read", name, current.size());
            } else if (!trouble.isEmpty()) {
                LOG.info("{} is as it was", name);
            }
            trouble = "";
            wait = source.every();
        } catch (IOException | IllegalArgumentException e) {
            wait = Math.min(source.every(), wait == 0 || trouble.isEmpty() ? RETRY_MS : 2 * wait);
            tell(String.valueOf(e.getMessage()));
        }
    }

    /** Once for each new trouble: it may last for days. */
    private void tell(String why) {
        if (!why.equals(trouble)) {
            trouble = why;
            LOG.warn(
                    "{} {}; {}",
                    name,
                    why,
                    current.isEmpty() ? "no token is taken" : "the keys read before stay in use");
        }
    }
}
