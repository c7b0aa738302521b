package org.needle.camel;

import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.needle.conformance.TestKeys;

/** Parameters by which tests believe any certificate. */
final class TestTrust extends SSLContextParameters {
    private TestTrust() {}

    static SSLContextParameters everybody() {
        return new TestTrust();
    }

    @Override
    public SSLContext createSSLContext(CamelContext context) {
        return TestKeys.trusting();
    }
}
