package org.needle.client;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;

/** Which addresses may be connected to. */
public interface AddressRule {
    /** Addresses of the public internet: not of this machine, of this network, or of those that no network has. */
    AddressRule PUBLIC = AddressRule::isPublic;

    boolean allows(InetAddress address);

    private static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address ? isPublic6(bytes) : isPublic4(bytes);
    }

    /** The registry of special addresses (RFC 6890 and later), and multicast. */
    private static boolean isPublic4(byte[] address) {
        int a = address[0] & 0xff;
        int b = address[1] & 0xff;
        int c = address[2] & 0xff;
        boolean own = a == 0 || a == 10 || a == 127 || (a == 172 && b >> 4 == 1) || (a == 192 && b == 168);
        boolean shared = (a == 100 && b >> 6 == 1) || (a == 169 && b == 254);
        boolean special = (a == 192 && b == 0 && (c == 0 || c == 2))
                || (a == 192 && b == 88 && c == 99)
                || (a == 198 && (b == 18 || b == 19))
                || (a == 198 && b == 51 && c == 100)
                || (a == 203 && b == 0 && c == 113);
        return !(own || shared || special) && a < 224;
    }

    /** Global unicast, but for what leads to an IPv4 address or is for documents and tests. */
    private static boolean isPublic6(byte[] address) {
        int first = (address[0] & 0xff) << 8 | (address[1] & 0xff);
        int second = (address[2] & 0xff) << 8 | (address[3] & 0xff);
        if (first == 0x64 && second == 0xff9b) { // NAT64: as good as the IPv4 address in it
            return Arrays.equals(address, 4, 12, new byte[8], 0, 8) && isPublic4(Arrays.copyOfRange(address, 12, 16));
        }
        boolean tunnel = first == 0x2002 || (first == 0x2001 && second < 0x200);
        boolean document = (first == 0x2001 && second == 0xdb8) || first >> 4 == 0x3ff;
        return first >> 13 == 1 && !tunnel && !document;
    }
}
