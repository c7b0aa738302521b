package org.needle.camel;

import org.needle.access.Access;
import org.needle.edge.EdgeSettings;
import org.needle.edge.Origins;
import org.needle.edge.Proxies;

/** What the options about callers mean. */
final class CallerSettings {
    private static final int MANY = Integer.MAX_VALUE;
    private static final int FAST = 1_000_000;

    private CallerSettings() {}

    /** @param reader is told of everything that is wrong */
    static EdgeSettings.Callers of(CallerOptions options, Access access, OptionReader reader) {
        Proxies proxies = Proxies.NONE;
        try {
            proxies = Proxies.of(OptionReader.list(options.getTrustedProxies()));
        } catch (IllegalArgumentException e) {
            reader.wrong("trustedProxies", options.getTrustedProxies(), String.valueOf(e.getMessage()));
        }
        boolean announced = reader.flag("proxyProtocol", options.getProxyProtocol());
        if (announced && options.getTrustedProxies().isBlank()) {
            reader.wrong("proxyProtocol", "true", "nobody may speak it: name the proxies in trusted-proxies");
        }
        Origins origins = Origins.NONE;
        try {
            origins = Origins.of(options.getOrigins().trim(), proxies);
        } catch (IllegalArgumentException e) {
            reader.wrong("origins", options.getOrigins(), String.valueOf(e.getMessage()));
        }
        return new EdgeSettings.Callers(access, origins, proxies, announced, shares(options, reader));
    }

    private static EdgeSettings.Shares shares(CallerOptions options, OptionReader reader) {
        return new EdgeSettings.Shares(
                reader.number("maxConnectionsPerAddress", options.getMaxConnectionsPerAddress(), 1, MANY),
                reader.number("maxSessionsPerAddress", options.getMaxSessionsPerAddress(), 1, MANY),
                reader.number("maxSessionsPerSubject", options.getMaxSessionsPerSubject(), 1, MANY),
                reader.number("publishRate", options.getPublishRate(), 0, FAST),
                reader.number("receiptsRate", options.getReceiptsRate(), 0, FAST));
    }
}
