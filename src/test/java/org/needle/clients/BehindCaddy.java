package org.needle.clients;

import org.junit.jupiter.api.Tag;

/** Caddy with {@code src/docs/proxies}. */
@Tag("clients")
class BehindCaddy extends BehindAProxy {
    BehindCaddy() {
        super(ReverseProxy.Kind.CADDY);
    }
}
