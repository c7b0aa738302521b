package org.needle.edge;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpVersion;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Objects;

/**
 * Where a client comes from, as far as that can be seen from here.
 *
 * @param client what its address and program make of it; 0: it came through a box that many share
 * @param address what its address makes of it, or 0 likewise
 */
record Network(Prefix prefix, Family family, int client, int address) {
    /** A block of 256 IPv4 addresses, or an IPv6 site of 48 bits. */
    record Prefix(long bits, boolean v6) {
        static Prefix of(InetAddress address) {
            ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
            return address instanceof Inet4Address
                    ? new Prefix(bytes.getInt() >>> 8, false)
                    : new Prefix(bytes.getLong() >>> 16, true);
        }
    }

    /** Programs of one kind are treated alike by what watches over a network. */
    enum Family {
        /** All of them. */
        ANY,
        CHROMIUM,
        FIREFOX,
        SAFARI,
        /** A person at a terminal: nobody comes back by itself. */
        TERMINAL,
        JAVA,
        NODE,
        PYTHON,
        OTHER;

        /** Whether its EventSource is the one of the standard. */
        boolean isBrowser() {
            return this == CHROMIUM || this == FIREFOX || this == SAFARI;
        }

        static Family of(String agent) {
            String name = agent.toLowerCase(Locale.ROOT);
            if (name.startsWith("curl/") || name.startsWith("wget/") || name.startsWith("httpie/")) {
                return TERMINAL;
            }
            if (name.contains("firefox/")) {
                return FIREFOX;
            }
            if (name.contains("chrome/") || name.contains("chromium/")) {
                return CHROMIUM;
            }
            if (name.contains("safari/")) {
                return SAFARI;
            }
            return program(name);
        }

        private static Family program(String name) {
            if (name.contains("java") || name.contains("okhttp")) {
                return JAVA;
            }
            if (name.contains("node") || name.contains("undici")) {
                return NODE;
            }
            return name.contains("python") || name.contains("aiohttp") ? PYTHON : OTHER;
        }
    }

    /** The network that a request came from. */
    static Network of(EdgeContext edge, Channel channel, HttpMessage request) {
        HttpHeaders headers = request.headers();
        Proxies proxies = edge.settings.callers().proxies();
        InetAddress from = proxies.client(channel, headers);
        String agent = headers.get(HttpHeaderNames.USER_AGENT, "");
        boolean shared = !proxies.trusts(Proxies.peer(channel)) && isForwarded(request);
        int client = shared ? 0 : Objects.hash(from, agent) | 1;
        return new Network(Prefix.of(from), Family.of(agent), client, shared ? 0 : from.hashCode() | 1);
    }

    /** Whether a box on the way shows itself. */
    static boolean isForwarded(HttpMessage request) {
        return request.headers().contains(HttpHeaderNames.VIA)
                || request.headers().contains("X-Forwarded-For")
                || request.headers().contains("Forwarded")
                || request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }

    /** The same place for whatever program. */
    Network anybody() {
        return new Network(prefix, Family.ANY, address, address);
    }
}
