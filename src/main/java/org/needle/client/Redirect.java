package org.needle.client;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where an answer sends us, and whether we go. Never from https to http, never to anything else. */
final class Redirect {
    static final int MOST = 5;

    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

    private Redirect() {}

    static boolean is(int status) {
        return STATUSES.contains(status);
    }

    /** @throws DialException if it is no place to go to */
    static URI to(URI from, int status, @Nullable String location) throws DialException {
        URI to;
        try {
            to = location == null || location.isBlank() ? null : from.resolve(location.trim());
        } catch (IllegalArgumentException e) {
            to = null;
        }
        String scheme = to == null || to.getHost() == null || to.getUserInfo() != null ? "" : scheme(to);
        boolean kept = scheme.equals(scheme(from)) && (scheme.equals("http") || scheme.equals("https"));
        if (to == null || !(kept || (scheme.equals("https") && scheme(from).equals("http")))) {
            throw new DialException(Fault.ANSWERED, status, "a redirect to where we do not go", null);
        }
        return to;
    }

    /** Whether what is meant for the one must not be told the other: another host, or another port of the same scheme. */
    static boolean isElsewhere(URI origin, URI to) {
        boolean sameHost = origin.getHost().equalsIgnoreCase(to.getHost());
        boolean upgraded = !scheme(origin).equals(scheme(to)) && port(to) == 443 && port(origin) == 80;
        return !sameHost || !(upgraded || (scheme(origin).equals(scheme(to)) && port(origin) == port(to)));
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : scheme(uri).equals("https") ? 443 : 80;
    }

    private static String scheme(URI uri) {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    }
}
