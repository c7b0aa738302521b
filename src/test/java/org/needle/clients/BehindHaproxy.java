package org.needle.clients;

import org.junit.jupiter.api.Tag;

/** HAProxy with {@code src/docs/proxies}. */
@Tag("clients")
class BehindHaproxy extends BehindAProxy {
    BehindHaproxy() {
        super(ReverseProxy.Kind.HAPROXY);
    }
}
