package org.needle.camel;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.needle.edge.TlsKeys;

/** The keystores that {@code camel.ssl.*} names. */
record CamelKeys(SSLContextParameters parameters, CamelContext context) implements TlsKeys {
    private static final String FILE = "file:";

    @Override
    public SSLContext load() throws IOException, GeneralSecurityException {
        return parameters.createSSLContext(context);
    }

    /** The keystore, if it is a file: one on the class path does not change. */
    @Override
    public List<Path> files() {
        KeyStoreParameters store = parameters.getKeyManagers() == null
                ? null
                : parameters.getKeyManagers().getKeyStore();
        String resource = store == null ? null : store.getResource();
        return resource != null && resource.startsWith(FILE)
                ? List.of(Path.of(resource.substring(FILE.length())))
                : List.of();
    }
}
