package org.needle.access;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** A JWK set by HTTPS, or by HTTP from this machine. Redirects are not followed. */
final class KeyUrl implements Source {
    private static final int MAX = 1 << 20;
    private static final long EVERY_MS = 300_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final HttpRequest request;

    /** @throws IllegalArgumentException if it is no such URL */
    KeyUrl(URI url) {
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        if (url.getHost() == null || url.getRawUserInfo() != null || !(secure || isLocal(url))) {
            throw new IllegalArgumentException("must be a file or an https:// URL (http:// only of this machine)");
        }
        request = HttpRequest.newBuilder(url)
                .timeout(PATIENCE)
                .header("Accept", "application/jwk-set+json, application/json")
                .build();
    }

    private static boolean isLocal(URI url) {
        try {
            return "http".equalsIgnoreCase(url.getScheme())
                    && InetAddress.getByName(url.getHost()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public byte[] read() throws IOException {
        try {
            HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = answer.body()) {
                byte[] content = in.readNBytes(MAX + 1);
                if (answer.statusCode() != 200 || content.length > MAX) {
                    throw new Unusable(
                            answer.statusCode() == 200
                                    ? "answered more than " + MAX + " bytes"
                                    : "answered " + answer.statusCode());
                }
                return content;
            }
        } catch (Unusable e) {
            throw e;
        } catch (IOException e) {
            throw new IOException("cannot be fetched", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("was not fetched before the end", e);
        }
    }

    private static final class Unusable extends IOException {
        private static final long serialVersionUID = 1;

        Unusable(String why) {
            super(why);
        }
    }

    @Override
    public List<VerifyingKey> keys(byte[] content) {
        return KeyFormats.jwks(content, false);
    }

    @Override
    public long every() {
        return EVERY_MS;
    }
}
