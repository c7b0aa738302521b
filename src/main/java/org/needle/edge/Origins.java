package org.needle.edge;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pages that browsers may let in from elsewhere (RFC 6454): exact origins, and always the gateway's own. Read by event
 * loops; {@link #reread} is called by one thread.
 */
public final class Origins {
    /** Only pages of the gateway itself. */
    public static final Origins NONE = new Origins(Proxies.NONE, Set.of(), null);

    private static final Logger LOG = LoggerFactory.getLogger(Origins.class);
    private static final String FILE = "file:";
    private static final Pattern ORIGIN =
            Pattern.compile("null|[a-z][a-z0-9+.-]*://(?:[a-z0-9._-]+|\\[[0-9a-f:.]+])(?::\\d+)?");
    private static final int MAX_BYTES = 1 << 20;

    private final Proxies proxies;
    private final @Nullable Path file;
    private volatile Set<String> listed;

    /** The file as it was read last, right or wrong; null: it could not be. */
    private @Nullable String seen;

    private Origins(Proxies proxies, Set<String> listed, @Nullable Path file) {
        this.proxies = proxies;
        this.listed = listed;
        this.file = file;
    }

    /**
     * @param text origins with commas between them, or {@code file:PATH} with one in each line
     * @throws IllegalArgumentException naming what is no origin, or the file that cannot be read
     */
    public static Origins of(String text, Proxies proxies) {
        if (!text.startsWith(FILE)) {
            return new Origins(proxies, parse(List.of(text.split(",", -1))), null);
        }
        Path file = Path.of(text.substring(FILE.length()));
        try {
            String first = read(file);
            Origins origins = new Origins(proxies, parse(first.lines().toList()), file);
            origins.seen = first;
            return origins;
        } catch (IOException e) {
            throw new IllegalArgumentException("the file cannot be read: " + e, e);
        }
    }

    /** Takes over what has changed in the file, if there is one; if it is wrong or gone, what held before holds on. */
    public void reread() {
        if (file == null) {
            return;
        }
        String now;
        try {
            now = read(file);
        } catch (IOException e) {
            if (seen != null) {
                LOG.warn("The origins in {} cannot be read; those known stay: {}", file, e.toString());
            }
            seen = null;
            return;
        }
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            listed = parse(now.lines().toList());
            LOG.info("{} origins are allowed by {}", listed.size(), file);
        } catch (IllegalArgumentException e) {
            LOG.warn("The origins in {} are wrong; those known stay: {}", file, e.getMessage());
        }
    }

    private static String read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("larger than " + MAX_BYTES + " bytes");
        }
        return Files.readString(file);
    }

    private static Set<String> parse(List<String> texts) {
        List<String> origins = new ArrayList<>();
        for (String each : texts) {
            String text = each.trim();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            String origin = canonical(text);
            if (!ORIGIN.matcher(origin).matches()) {
                throw new IllegalArgumentException(
                        text + " is no origin: scheme, host and perhaps port, as https://app.example");
            }
            origins.add(origin);
        }
        return Set.copyOf(origins);
    }

    /** Whether the request comes from no page, from one of the gateway's own or from one that is listed. */
    public boolean allows(Channel channel, HttpRequest request) {
        return !request.headers().contains(HttpHeaderNames.ORIGIN) || granted(channel, request) != null;
    }

    /** The request's origin as it wrote it, if it has one and that is allowed; else null. Safe to write into a header. */
    @Nullable
    String granted(Channel channel, HttpRequest request) {
        List<String> claimed = request.headers().getAll(HttpHeaderNames.ORIGIN);
        if (claimed.size() != 1) {
            return null;
        }
        String origin = canonical(claimed.get(0));
        if (!ORIGIN.matcher(origin).matches()) {
            return null;
        }
        return listed.contains(origin) || isOwn(origin, channel, request) ? claimed.get(0) : null;
    }

    /** A page by HTTPS may have come through something that speaks TLS in front of us. One in the clear may be anybody's. */
    private boolean isOwn(String origin, Channel channel, HttpRequest request) {
        String host = "://" + proxies.host(channel, request.headers());
        return origin.equals(canonical("https" + host))
                || origin.equals(canonical(proxies.scheme(channel, request.headers()) + host));
    }

    private static String canonical(String origin) {
        String lower = origin.toLowerCase(Locale.ROOT);
        return lower.startsWith("http://") && lower.endsWith(":80")
                ? lower.substring(0, lower.length() - 3)
                : lower.startsWith("https://") && lower.endsWith(":443")
                        ? lower.substring(0, lower.length() - 4)
                        : lower;
    }
}
