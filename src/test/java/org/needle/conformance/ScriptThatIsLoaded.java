package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.access.Access;
import org.needle.edge.EdgeSettings;
import org.needle.edge.Origins;
import org.needle.edge.Proxies;

/** The browser client and the pages, as a browser asks for them (RFC 9110, 8.8.3 and 12.5.3). */
class ScriptThatIsLoaded {
    private static final String LISTED = "https://app.example";
    private static final OpenEdge EDGE = OpenEdge.start(plan -> plan.letting(new EdgeSettings.Callers(
            Access.OPEN, Origins.of(LISTED, Proxies.NONE), Proxies.NONE, false, EdgeSettings.Shares.DEFAULT)));
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    private static HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + EDGE.port() + path));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @ParameterizedTest
    @CsvSource({
        "/needle.js, text/javascript; charset=utf-8",
        "/needle-path.js, text/javascript; charset=utf-8",
        "/needle-more.js, text/javascript; charset=utf-8",
        "/needle.d.ts, application/typescript; charset=utf-8",
        "/doctor, text/html; charset=utf-8",
        "/doctor.js, text/javascript; charset=utf-8",
        "/, text/html; charset=utf-8"
    })
    void hasItsTypeAndAStrictPolicyAndIsAskedForAgain(String path, String type) throws Exception {
        HttpResponse<byte[]> answer = get(path);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).isEqualTo(type);
        assertThat(header(answer, "Content-Encoding")).isEmpty();
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-cache");
        assertThat(header(answer, "Vary")).isEqualTo("Origin, Accept-Encoding");
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(answer, "Content-Security-Policy"))
                .contains("default-src 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        HttpResponse<byte[]> again = get(path, "If-None-Match", "\"other\", " + header(answer, "ETag"));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(header(again, "ETag")).isEqualTo(header(answer, "ETag"));
        assertThat(get(path, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/needle.js", "/needle-path.js", "/needle-more.js"})
    void isUnderFiveKilobytesCompressed(String path) throws Exception {
        HttpResponse<byte[]> answer = get(path, "Accept-Encoding", "br, gzip");
        assertThat(header(answer, "Content-Encoding")).isEqualTo("gzip");
        assertThat(answer.body()).hasSizeLessThan(5_000);
        assertThat(unpacked(answer.body())).isEqualTo(new String(get(path).body(), StandardCharsets.UTF_8));
    }

    private static String unpacked(byte[] packed) throws IOException {
        return new String(new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip | true",
                "deflate,gzip;q=0.5 | true",
                "gzip;q=0 | false",
                "gzip;q=0.0, br | false",
                "xgzip | false",
                "identity | false"
            })
    void isCompressedOnlyForThoseWhoTakeIt(String accepted, boolean packed) throws Exception {
        assertThat(header(get("/needle.js", "Accept-Encoding", accepted), "Content-Encoding"))
                .isEqualTo(packed ? "gzip" : "");
    }

    @Test
    void mayBeImportedByPagesOfListedOrigins() throws Exception {
        HttpResponse<byte[]> answer = get("/needle.js", "Origin", LISTED);
        assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo(LISTED);
        String tag = header(answer, "ETag");
        HttpResponse<byte[]> again = get("/needle.js", "Origin", LISTED, "If-None-Match", tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(header(again, "Access-Control-Allow-Origin")).isEqualTo(LISTED);
        assertThat(header(get("/needle.js", "Origin", "https://evil.example"), "Access-Control-Allow-Origin"))
                .isEmpty();
    }
}
