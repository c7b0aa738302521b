package org.needle.lab;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a lab is opened.
 *
 * @param listen where it listens; port 0 is any free one
 * @param from the local address that its connections to the target come from, so that it is a network of its own there; null: any
 * @param seed of its chance: connection number N draws the same each time
 * @param overTls whether clients speak TLS with it, HTTP/1.1 or HTTP/2, with a certificate of its own authority
 * @param targetOverTls whether it speaks TLS with the target, whose certificate it takes as it is
 * @param keys the folder in which the authority is kept; null: a temporary one of this process
 */
public record LabOptions(
        InetSocketAddress listen,
        @Nullable InetAddress from,
        long seed,
        boolean overTls,
        boolean targetOverTls,
        @Nullable Path keys) {

    /** On a free port of this machine, seed 1, in the clear on both sides. */
    public static LabOptions plain() {
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new LabOptions(anywhere, null, 1, false, false, null);
    }

    public LabOptions on(InetSocketAddress where) {
        return new LabOptions(where, from, seed, overTls, targetOverTls, keys);
    }

    /** @param address as 127.77.3.1 */
    public LabOptions from(String address) {
        try {
            return new LabOptions(listen, InetAddress.getByName(address), seed, overTls, targetOverTls, keys);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address + " is not an address", e);
        }
    }

    public LabOptions seed(long number) {
        return new LabOptions(listen, from, number, overTls, targetOverTls, keys);
    }

    /** Intercepts TLS. */
    public LabOptions tls() {
        return new LabOptions(listen, from, seed, true, targetOverTls, keys);
    }

    public LabOptions targetTls() {
        return new LabOptions(listen, from, seed, overTls, true, keys);
    }

    public LabOptions keptIn(Path folder) {
        return new LabOptions(listen, from, seed, overTls, targetOverTls, folder);
    }
}
