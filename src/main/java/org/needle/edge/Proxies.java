package org.needle.edge;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The proxies in front that are believed, as blocks of addresses, and what they say of a request: only here is an address, a
 * scheme or a host taken from anything but the connection itself. Immutable.
 */
public final class Proxies {
    /** Nobody is believed. */
    public static final Proxies NONE = new Proxies(List.of());

    /** What the PROXY protocol said of the connection; see {@link Arrival}. */
    static final AttributeKey<InetAddress> ANNOUNCED = AttributeKey.valueOf("needle.announced");

    private static final Pattern WITH_PORT = Pattern.compile("\\[([^\\]]*)](?::\\d*)?|([0-9.]+):\\d*");

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Block(byte[] address, int bits) {
        boolean holds(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit & 7);
                if ((address[bit >> 3] & mask) != (other[bit >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Block> blocks;

    private Proxies(List<Block> blocks) {
        this.blocks = List.copyOf(blocks);
    }

    /**
     * @param texts blocks as {@code 10.0.0.0/8} or {@code fd00::/8}, or single addresses
     * @throws IllegalArgumentException naming the first that is neither
     */
    public static Proxies of(List<String> texts) {
        List<Block> blocks = new ArrayList<>();
        for (String text : texts) {
            String[] parts = text.split("/", 2);
            byte[] address = NetUtil.createByteArrayFromIpAddressString(parts[0]);
            int most = address == null ? 0 : address.length * Byte.SIZE;
            int bits = parts.length == 1 ? most : parts[1].matches("\\d{1,3}") ? Integer.parseInt(parts[1]) : -1;
            if (address == null || bits < 0 || bits > most) {
                throw new IllegalArgumentException(text + " is no block of addresses, as 10.0.0.0/8 or fd00::/8");
            }
            blocks.add(new Block(address, bits));
        }
        return blocks.isEmpty() ? NONE : new Proxies(blocks);
    }

    public boolean isEmpty() {
        return blocks.isEmpty();
    }

    boolean trusts(InetAddress address) {
        byte[] bytes = address.getAddress();
        return blocks.stream().anyMatch(block -> block.holds(bytes));
    }

    /** Whoever is at the other end of the connection, as the PROXY protocol tells it if that is spoken. */
    static InetAddress peer(Channel channel) {
        for (Channel each = channel;
                each != null;
                each = each.parent()) { // a stream of HTTP/2 has a connection above it
            // asking for an attribute makes it
            InetAddress announced =
                    each.hasAttr(ANNOUNCED) ? each.attr(ANNOUNCED).get() : null;
            if (announced != null) {
                return announced;
            }
        }
        return channel.remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress()
                : InetAddress.getLoopbackAddress(); // closed already
    }

    /** The client's address: the last in {@code X-Forwarded-For} that is not a trusted proxy itself, if its peer is one. */
    InetAddress client(Channel channel, HttpHeaders headers) {
        InetAddress client = peer(channel);
        if (!trusts(client)) {
            return client;
        }
        String[] hops = String.join(",", headers.getAll("X-Forwarded-For")).split(",", -1);
        for (int i = hops.length - 1; i >= 0 && trusts(client); i--) {
            InetAddress hop = address(hops[i].trim());
            if (hop == null) {
                return client; // what is left of something unreadable was not written by a proxy that is trusted
            }
            client = hop;
        }
        return client;
    }

    /** {@code http} or {@code https}, as the client sees it. */
    String scheme(Channel channel, HttpHeaders headers) {
        String told = told(channel, headers, "X-Forwarded-Proto");
        if (told != null) {
            return told.toLowerCase(Locale.ROOT);
        }
        Channel above = channel.parent();
        boolean encrypted = channel.pipeline().get(SslHandler.class) != null
                || (above != null && above.pipeline().get(SslHandler.class) != null);
        return encrypted ? "https" : "http";
    }

    /** The host and port that the client asked for. */
    String host(Channel channel, HttpHeaders headers) {
        String told = told(channel, headers, "X-Forwarded-Host");
        return told == null ? headers.get("Host", "") : told;
    }

    /** The last value of a header that a trusted peer has written, or null. */
    private @Nullable String told(Channel channel, HttpHeaders headers, String name) {
        if (blocks.isEmpty() || !headers.contains(name) || !trusts(peer(channel))) {
            return null;
        }
        String all = String.join(",", headers.getAll(name));
        return all.substring(all.lastIndexOf(',') + 1).trim();
    }

    private static @Nullable InetAddress address(String hop) {
        Matcher ported = WITH_PORT.matcher(hop);
        return literal(!ported.matches() ? hop : ported.group(1) == null ? ported.group(2) : ported.group(1));
    }

    /** The address that is written there, or null; a name is not looked up. */
    public static @Nullable InetAddress literal(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes", e);
        }
    }
}
