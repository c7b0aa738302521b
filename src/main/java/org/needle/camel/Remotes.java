package org.needle.camel;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.util.PropertiesHelper;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;
import org.needle.client.Dial;
import org.needle.client.ProxyAddress;

/** The ways out of one component: endpoints that need the same one share its connections. Callable from any thread. */
final class Remotes {
    private static final String HEADER = "header.";
    private static final String SECRETS = "proxy," + HEADER;
    private static final Pattern SECRET =
            Pattern.compile("([?&](?:proxy|header\\.[^=&]*)=)(RAW\\(.*?\\)(?=&|$)|RAW\\{.*?}(?=&|$)|[^&]*)");
    private static final byte[] SALT = new BigInteger(128, new SecureRandom()).toByteArray();
    private static final int MARK_BYTES = 8;

    private record Wanted(@Nullable ProxyAddress proxy, @Nullable SSLContextParameters ssl, Duration connectTimeout) {}

    private final String scheme;
    private final Map<Wanted, Dial> dials = new ConcurrentHashMap<>();

    Remotes(String scheme) {
        this.scheme = scheme;
    }

    /** Takes the headers out of the parameters, which Camel would not bind to a map. */
    static void headers(RemoteOptions options, Map<String, Object> parameters) {
        options.setHeaders(new LinkedHashMap<>(PropertiesHelper.extractProperties(parameters, HEADER)));
    }

    /**
     * An endpoint's URI as everybody may see it: instead of what may hold credentials something that is the same for the same,
     * because Camel tells endpoints apart by their URIs.
     */
    static String shown(String uri) {
        return SECRET.matcher(uri).replaceAll(found -> Matcher.quoteReplacement(found.group(1) + mark(found.group(2))));
    }

    private static String mark(String secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(SALT);
            byte[] hash = digest.digest(secret.getBytes(StandardCharsets.UTF_8));
            return "xxxxxx-" + HexFormat.of().formatHex(hash, 0, MARK_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** For the URIs that Camel logs before there is an endpoint. It hides the first of these only. */
    static void hideSecrets(CamelContext context) {
        String others = context.getCamelContextExtension().getAdditionalSensitiveKeywords();
        if (others == null || !others.contains(SECRETS)) {
            String all = others == null || others.isBlank() ? SECRETS : others + "," + SECRETS;
            context.getCamelContextExtension().setAdditionalSensitiveKeywords(all);
        }
    }

    /**
     * The URL of a server; parameters that are no options of ours are its query.
     *
     * @throws IllegalArgumentException if it is none
     */
    URI target(String address, Set<String> schemes, Map<String, Object> query) {
        try {
            String more = query.isEmpty() ? "" : "?" + URISupport.createQueryString(query);
            URI target = new URI(address + more);
            if (target.getHost() == null || target.getScheme() == null || !schemes.contains(target.getScheme())) {
                throw new IllegalArgumentException(
                        scheme + ":" + address + ": must be one of " + String.join(", ", schemes) + ", with a host");
            }
            if (target.getUserInfo() != null) {
                throw new IllegalArgumentException(scheme + ":" + target.getScheme() + "://" + target.getHost()
                        + ": credentials do not belong into the URL: use header.Authorization");
            }
            return target;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(scheme + ":" + address + ": " + e.getReason(), e);
        }
    }

    /** @param global the parameters of {@code camel.ssl.*}, if they are to be used */
    Dial dial(RemoteOptions options, @Nullable SSLContextParameters global, CamelContext context, OptionReader reader) {
        Duration connect = reader.time("connectTimeout", options.getConnectTimeout());
        ProxyAddress proxy = options.proxyAddress(reader);
        reader.check();
        SSLContextParameters own = options.getSslContextParameters();
        Wanted wanted = new Wanted(proxy, own == null ? global : own, connect);
        return dials.computeIfAbsent(wanted, missing -> connect(missing, context));
    }

    private Dial connect(Wanted wanted, CamelContext context) {
        SSLContext trust = null;
        if (wanted.ssl() != null) {
            try {
                trust = wanted.ssl().createSSLContext(context);
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException(scheme + ": its certificates cannot be used: " + e.getMessage(), e);
            }
        }
        return new Dial(new Dial.Settings(wanted.proxy(), trust, wanted.connectTimeout()));
    }

    void clear() {
        dials.clear();
    }
}
