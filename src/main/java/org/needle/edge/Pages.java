package org.needle.edge;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pages and scripts that come with the gateway, read from the class path once. */
final class Pages {
    /** Nothing from elsewhere, nothing inline, nobody may frame it. */
    static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws: wss:; "
                    + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    @SuppressWarnings("ArrayRecordComponent") // written as it is, never compared
    record Page(String type, byte[] body) {}

    private static final Map<String, Page> PAGES = Map.of(
            "/", page("index.html", "text/html; charset=utf-8"),
            "/live.js", page("live.js", "text/javascript; charset=utf-8"),
            "/live.css", page("live.css", "text/css; charset=utf-8"));

    private Pages() {}

    static @Nullable Page at(String path) {
        return PAGES.get(path);
    }

    private static Page page(String name, String type) {
        try (InputStream in = Pages.class.getResourceAsStream("/pages/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the jar has no pages/" + name);
            }
            return new Page(type, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
