package org.needle.clients;

import org.junit.jupiter.api.Tag;

/** Apache httpd with {@code src/docs/proxies}. */
@Tag("clients")
class BehindApache extends BehindAProxy {
    BehindApache() {
        super(ReverseProxy.Kind.APACHE);
    }
}
