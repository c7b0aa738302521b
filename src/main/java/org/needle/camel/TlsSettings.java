package org.needle.camel;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.jspecify.annotations.Nullable;
import org.needle.edge.DevelopmentKeys;
import org.needle.edge.EdgeSettings.Tls;
import org.needle.edge.PemKeys;
import org.needle.edge.TlsKeys;

/** What the options about encryption mean. */
final class TlsSettings {
    private final TlsOptions options;
    private final OptionReader reader;

    private TlsSettings(TlsOptions options, OptionReader reader) {
        this.options = options;
        this.reader = reader;
    }

    /** Null if there is no TLS port; {@code reader} is told of everything that is wrong. */
    static @Nullable Tls of(TlsOptions options, CamelContext context, OptionReader reader) {
        return new TlsSettings(options, reader).read(context);
    }

    private @Nullable Tls read(CamelContext context) {
        int port = reader.number("tlsPort", options.getTlsPort(), -1, 65_535);
        Tls.Clients clients = reader.name("tlsClientAuth", options.getTlsClientAuth(), Tls.Clients.class);
        Path certificate = file("tlsCertificate", options.getTlsCertificate());
        Path key = file("tlsKey", options.getTlsKey());
        Path authorities = file("tlsClientCa", options.getTlsClientCa());
        if ((certificate == null) != (key == null)) {
            reader.wrong(
                    certificate == null ? "tlsCertificate" : "tlsKey",
                    "",
                    "is missing: a certificate and its key are named together");
        }
        if (clients != Tls.Clients.NONE && authorities == null && certificate != null) {
            reader.wrong(
                    "tlsClientCa", "", "is missing: without it no client certificate is believed (tls-client-auth)");
        }
        return port == 0 ? null : new Tls(port, keys(certificate, key, authorities, context), clients);
    }

    private TlsKeys keys(
            @Nullable Path certificate, @Nullable Path key, @Nullable Path authorities, CamelContext context) {
        if (certificate != null && key != null) {
            return new PemKeys(certificate, key, authorities);
        }
        SSLContextParameters camel = context.getSSLContextParameters();
        return camel == null ? new DevelopmentKeys(Path.of(options.getStateDir())) : new CamelKeys(camel, context);
    }

    private @Nullable Path file(String option, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        Path file = Path.of(text.trim());
        if (!Files.isReadable(file)) {
            reader.wrong(option, text, "is no file that can be read");
        }
        return file;
    }
}
