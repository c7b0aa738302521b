package org.needle.edge;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;

/** Where the certificate of the TLS port and its key come from. Called by one thread at a time, never by an event loop. */
public interface TlsKeys {
    /**
     * Reads them anew.
     *
     * @throws IOException with a message for a user, if a file cannot be read or is not what it should be
     */
    SSLContext load() throws IOException, GeneralSecurityException;

    /** The files whose change is a reason to read again. */
    List<Path> files();
}
