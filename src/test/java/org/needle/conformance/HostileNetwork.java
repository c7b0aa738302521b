package org.needle.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.needle.lab.Lab;
import org.needle.lab.LabOptions;
import org.needle.lab.Profile;

/** A lab in front of a gateway of this machine. Each is a network of its own to the gateway: it comes from 127.77.N.1. */
public final class HostileNetwork implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Lab lab;
    private final String from;
    private final boolean tls;

    private HostileNetwork(Profile profile, int gateway, UnaryOperator<LabOptions> changes) {
        int number = COUNT.incrementAndGet();
        from = "127." + (77 + number / 250) + "." + (1 + number % 250) + ".1";
        LabOptions options = changes.apply(LabOptions.plain().from(from));
        tls = options.overTls();
        try {
            lab = Lab.open(profile, at(gateway), options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In the clear on both sides. */
    public static HostileNetwork open(String profile, int gateway) {
        return open(profile, gateway, options -> options);
    }

    /** @param changes what is to be different: seed, TLS */
    public static HostileNetwork open(String profile, int gateway, UnaryOperator<LabOptions> changes) {
        return new HostileNetwork(Profile.named(profile), gateway, changes);
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    public Lab lab() {
        return lab;
    }

    public int port() {
        return lab.port();
    }

    /** The origin that clients see. */
    public String url() {
        return (tls ? "https" : "http") + "://127.0.0.1:" + lab.port();
    }

    /** The address that the gateway sees. */
    public String from() {
        return from;
    }

    /** The gateway has moved. */
    public void target(int gateway) {
        lab.target(at(gateway));
    }

    @Override
    public void close() {
        lab.close();
    }
}
