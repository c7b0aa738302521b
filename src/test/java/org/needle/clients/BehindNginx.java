package org.needle.clients;

import org.junit.jupiter.api.Tag;

/** nginx with {@code src/docs/proxies}. */
@Tag("clients")
class BehindNginx extends BehindAProxy {
    BehindNginx() {
        super(ReverseProxy.Kind.NGINX);
    }
}
