package org.needle.camel;

import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.jspecify.annotations.Nullable;

/** A component whose endpoints also talk to other servers: whom they trust there, and what of their URIs may be seen. */
abstract class RemoteComponent extends DefaultComponent implements SSLContextParametersAware {
    @Metadata(
            label = "security",
            defaultValue = "false",
            description = "Whether to trust, and show, the certificates of camel.ssl.* instead of those of the JVM.")
    private boolean useGlobalSslContextParameters;

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        Remotes.hideSecrets(getCamelContext());
    }

    /** The parameters of {@code camel.ssl.*}, if they are to be used. */
    final @Nullable SSLContextParameters global() {
        return useGlobalSslContextParameters ? getCamelContext().getSSLContextParameters() : null;
    }

    @Override
    public boolean isUseGlobalSslContextParameters() {
        return useGlobalSslContextParameters;
    }

    @Override
    public void setUseGlobalSslContextParameters(boolean useGlobalSslContextParameters) {
        this.useGlobalSslContextParameters = useGlobalSslContextParameters;
    }
}
