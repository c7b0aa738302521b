package org.needle.edge;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** The pages and scripts that come with the gateway, read from the class path and compressed once. */
final class Pages {
    /** Nothing from elsewhere, nothing inline, nobody may frame it. */
    static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws: wss:; "
                    + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Pattern GZIP =
            Pattern.compile("(?:^|,)\\s*gzip\\s*(?:;\\s*q=(?!0(?:\\.0*)?\\s*(?:,|$))[0-9.]+\\s*)?(?:,|$)");
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";
    private static final String HTML = "text/html; charset=utf-8";

    /**
     * One page, as it is and compressed.
     *
     * @param tag names the content, whatever the encoding
     */
    @SuppressWarnings("ArrayRecordComponent") // written as it is, never compared
    record Page(String type, byte[] body, byte[] gzip, String tag) {
        /** Whether the client takes gzip and so gets less to load. */
        boolean packs(HttpRequest request) {
            return GZIP.matcher(said(request, HttpHeaderNames.ACCEPT_ENCODING).toLowerCase(Locale.ROOT))
                    .find();
        }

        /** Whether the client has it already. */
        boolean isKnown(HttpRequest request) {
            String known = said(request, HttpHeaderNames.IF_NONE_MATCH);
            return known.contains(tag) || known.equals("*");
        }

        private static String said(HttpRequest request, CharSequence header) {
            List<String> values = request.headers().getAll(header);
            return String.join(",", values);
        }
    }

    private static final Map<String, Page> PAGES = Map.of(
            "/", page("index.html", HTML),
            "/live.js", page("live.js", SCRIPT),
            "/live.css", page("live.css", STYLE),
            "/doctor", page("doctor.html", HTML),
            "/doctor.js", page("doctor.js", SCRIPT),
            "/needle.js", page("needle.js", SCRIPT),
            "/needle-path.js", page("needle-path.js", SCRIPT),
            "/needle-more.js", page("needle-more.js", SCRIPT),
            "/needle.d.ts", page("needle.d.ts", "application/typescript; charset=utf-8"));

    private Pages() {}

    static @Nullable Page at(String path) {
        return PAGES.get(path);
    }

    private static Page page(String name, String type) {
        try (InputStream in = Pages.class.getResourceAsStream("/pages/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the jar has no pages/" + name);
            }
            byte[] body = in.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            String tag = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(digest)
                    .substring(0, 16);
            return new Page(type, body, packed(body), "W/\"" + tag + '"');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] packed(byte[] body) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new Best(packed)) {
            out.write(body);
        }
        return packed.toByteArray();
    }

    private static final class Best extends GZIPOutputStream {
        Best(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
