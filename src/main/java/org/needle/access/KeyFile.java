package org.needle.access;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A local file: small, so it is read again and compared, which sees every kind of change. */
record KeyFile(Path path, boolean jwks) implements Source {
    private static final int MAX = 1 << 20;
    private static final long EVERY_MS = 1_000;

    @Override
    public byte[] read() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(MAX + 1);
            if (content.length > MAX) {
                throw new IOException("is larger than " + MAX + " bytes");
            }
            return content;
        } catch (java.nio.file.FileSystemException e) {
            throw new IOException("is no file that can be read", e);
        }
    }

    @Override
    public List<VerifyingKey> keys(byte[] content) {
        return jwks ? KeyFormats.jwks(content, true) : KeyFormats.keyFile(content);
    }

    @Override
    public long every() {
        return EVERY_MS;
    }
}
