package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.builder.Builder;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.access.Mint;

/** {@code https-proxy:NAME}, attacked: what must not come to the upstream, and what must not come back from it. */
class RequestThatMustNotBeForwarded {
    private Forwarding forwarding;

    @BeforeEach
    void open() throws Exception {
        forwarding = new Forwarding();
    }

    @AfterEach
    void close() {
        forwarding.close();
    }

    /** The answer to what is sent byte by byte, as no HTTP client would send it. */
    private String raw(String head) throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), forwarding.gateway.push().boundPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/proxy/up/../echo",
                "/proxy/up/..",
                "/proxy/up/./echo",
                "/proxy/up/%2e%2e/echo",
                "/proxy/up/.%2E/echo",
                "/proxy/up/..%2fecho",
                "/proxy/up/a%2Fb",
                "/proxy/up/..;/echo",
                "/proxy/up/..;x=y/echo",
                "/proxy/up/%252e%252e/echo",
                "/proxy/up/%25252e%25252e/echo",
                "/proxy/up/%252fecho",
                "/proxy/up/..\\echo",
                "/proxy/up/%5c..%5cecho",
                "/proxy/up/a%00b",
                "/proxy/up/a%0d%0aX:y",
                "/proxy/up//echo",
                "/proxy/up//evil.example/echo",
                "/proxy/up/%zz",
                "/proxy/up/a b",
                "/proxy/up/echo?x=a b",
                "/proxy/up/echo?x=<>",
                "/proxy/up@evil.example/echo",
                "/proxy/up:443/echo",
                "/proxy/https://evil.example/echo",
                "/proxy//evil.example/echo",
                "/proxy/../proxy/up/echo",
                "/proxy/%75p/echo",
                "/%70roxy/up/echo",
                "/Proxy/up/echo",
                "/proxy/",
                "http://evil.example/proxy/up/echo",
                "https://127.0.0.1/proxy/up/echo",
            })
    void whenItsTargetCouldBeReadInAnotherWay(String target) throws Exception {
        forwarding.start("");
        String answer = raw("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close");
        assertThat(answer).matches("(?s)HTTP/1.1 (400|404) .*");
        assertThat(forwarding.upstream.requests).isEmpty();
    }

    @Test
    void whenItAsksForATunnel() throws Exception {
        forwarding.start("&methods=GET");
        assertThat(raw("CONNECT 127.0.0.1:" + forwarding.upstream.port() + " HTTP/1.1\r\nHost: x"))
                .startsWith("HTTP/1.1 400");
        assertThat(raw("CONNECT /proxy/up/echo HTTP/1.1\r\nHost: x")).startsWith("HTTP/1.1 400");
        assertThat(raw("TRACE /proxy/up/echo HTTP/1.1\r\nHost: x\r\nConnection: close"))
                .startsWith("HTTP/1.1 405");
        assertThat(forwarding.upstream.requests).isEmpty();
    }

    @Test
    void withHeadersThatAreAboutTheConnection() throws Exception {
        forwarding.start("&allowedHeaders=X-Mine,X-Named");
        String answer = raw(
                "GET /proxy/up/echo HTTP/1.1\r\nHost: evil.example\r\nConnection: close, X-Named\r\n"
                        + "X-Mine: 1\r\nX-Named: 1\r\nTE: trailers\r\nKeep-Alive: 5\r\nProxy-Connection: close\r\n"
                        + "Proxy-Authorization: Basic eA==\r\nTrailer: x\r\nX-Forwarded-For: 1.2.3.4\r\nForwarded: for=1.2.3.4");
        assertThat(answer).startsWith("HTTP/1.1 200");
        var seen = forwarding.upstream.requests.get(0).headers();
        assertThat(seen).containsEntry("X-mine", List.of("1")).containsEntry("Via", List.of("1.1 needle"));
        assertThat(seen)
                .doesNotContainKeys(
                        "X-named",
                        "Te",
                        "Keep-alive",
                        "Proxy-connection",
                        "Proxy-authorization",
                        "Trailer",
                        "X-forwarded-for",
                        "Forwarded");
        assertThat(seen.getFirst("Host")).startsWith("127.0.0.1");
        String lower = answer.toLowerCase(java.util.Locale.ROOT);
        assertThat(lower).contains("x-kept: yes").doesNotContain("x-private", "set-cookie", "allow-origin");
        assertThat(lower).contains("content-security-policy: sandbox", "x-content-type-options: nosniff");
    }

    @Test
    void withCredentialsOfTheOtherSide() throws Exception {
        forwarding.start("&authorization=RAW(Bearer upstream-key)");
        String answer = raw("GET /proxy/up/echo?ticket=mine&session=session-of-16-chars&resume=secret-of-16-chars"
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer mine\r\n"
                + "Cookie: __Host-needle=mine\r\nOrigin: http://x");
        Upstream.Request seen = forwarding.upstream.requests.get(0);
        assertThat(seen.line()).isEqualTo("GET /echo");
        assertThat(seen.headers().entrySet().toString()).doesNotContain("mine").contains("Bearer upstream-key");
        assertThat(answer).doesNotContain("upstream-key");
        assertThat(raw("GET /proxy/up/status?code=401 HTTP/1.1\r\nHost: x\r\nConnection: close"))
                .startsWith("HTTP/1.1 401")
                .doesNotContain("upstream-key");
    }

    @Test
    void butOnlyAllowedCookiesAreAndNeverOurs() throws Exception {
        forwarding.start("&allowedHeaders=Cookie");
        raw("GET /proxy/up/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: a=b; __Host-needle=mine; c=d");
        assertThat(forwarding.upstream.requests.get(0).headers().getFirst("Cookie"))
                .isEqualTo("a=b; c=d");
    }

    @Test
    void toWhereTheUpstreamPoints() throws Exception {
        forwarding.start("");
        String answer = raw("GET /proxy/up/moved HTTP/1.1\r\nHost: x\r\nConnection: close");
        assertThat(answer).startsWith("HTTP/1.1 307").doesNotContain("secret");
        assertThat(forwarding.upstream.requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://127.0.0.1:", "https://localhost:", "https://[::1]:", "https://0.0.0.0:"})
    void toAPrivateAddressUnlessTheRouteSaysSo(String place) throws Exception {
        forwarding.forward("up", place + forwarding.upstream.port(), "", route -> route.setBody()
                .body());
        HttpResponse<String> answer = forwarding.get("up/echo");
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).doesNotContain("127", "localhost");
        assertThat(forwarding.upstream.requests).isEmpty();
    }

    @Test
    void withHeadersThatSteerCamel() throws Exception {
        forwarding.start("", route -> route.setBody(Builder.simple("${headers}")));
        HttpRequest request = forwarding
                .request(
                        "up/stream?n=1&CamelHttpUri=evil",
                        "CamelHttpUri",
                        "http://evil.example",
                        "CAMELFileName",
                        "evil",
                        "Idempotency-Key",
                        "evil",
                        "CamelPushTopic",
                        "evil")
                .build();
        try (Forwarding.Reader answer = forwarding.open(request)) {
            assertThat(answer.await("data: {Camel")).contains("proxy/up").doesNotContain("evil");
        }
        assertThat(forwarding.upstream.requests.get(0).headers().keySet())
                .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("camel"));
    }

    @Test
    void whenThereAreTooMany() throws Exception {
        forwarding.start("&maxRequests=2");
        try (Forwarding.Reader one = forwarding.open("up/held");
                Forwarding.Reader two = forwarding.open("up/bytes")) {
            one.await("part 1");
            assertThat(two.status).isEqualTo(200);
            HttpResponse<String> third = forwarding.get("up/echo");
            assertThat(third.statusCode()).isEqualTo(503);
            assertThat(third.headers().firstValue("retry-after")).isPresent();
        }
        assertThat(forwarding.upstream.requests).hasSize(2);
    }

    @Test
    void whenItsBodyIsTooLarge() throws Exception {
        forwarding.start("");
        HttpResponse<String> answer = forwarding.client.send(
                forwarding
                        .request("up/echo")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[2 << 20]))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(forwarding.upstream.requests).isEmpty();
    }

    @Test
    void fromAPageThatIsNotListed() throws Exception {
        forwarding.gateway.options().setOrigins("https://app.example");
        forwarding.start("&methods=GET,POST&allowedHeaders=X-Mine");
        String post = "POST /proxy/up/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\nOrigin: ";
        assertThat(raw(post + "https://evil.example")).startsWith("HTTP/1.1 403");
        assertThat(forwarding.upstream.requests).isEmpty();
        assertThat(raw(post + "https://app.example"))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("access-control-allow-origin: https://app.example");
        String preflight = raw("OPTIONS /proxy/up/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "Access-Control-Request-Method: POST\r\nOrigin: https://app.example");
        assertThat(preflight).startsWith("HTTP/1.1 204").contains("GET, POST").containsIgnoringCase("x-mine");
        assertThat(forwarding.upstream.requests).hasSize(1);
    }

    @Test
    void forSomebodyWhoHasNoRightTo(@TempDir Path folder) throws Exception {
        Path key = Files.writeString(folder.resolve("key"), Mint.SECRET);
        forwarding.gateway.options().setTokenKey(key.toString());
        forwarding.gateway.options().setTokenIssuer(Mint.ISSUER);
        forwarding.gateway.options().setTokenAudience(Mint.AUDIENCE);
        forwarding.start("&allowedHeaders=Authorization");
        Mint mint = new Mint();
        String user = "Bearer " + mint.token(mint.claims("user", List.of(), List.of("proxy/up")));
        String other = "Bearer " + mint.token(mint.claims("other", List.of("**"), List.of("proxy/*")));
        String reader = "Bearer " + mint.token(mint.claims("reader", List.of("**"), List.of("chat")));
        String mine = "session=session-of-the-user&resume=secret-of-the-user";
        assertThat(forwarding.get("up/echo").statusCode()).isEqualTo(401);
        assertThat(forwarding.get("nobody/echo").statusCode()).isEqualTo(401);
        assertThat(forwarding.get("up/echo", "Authorization", reader).statusCode())
                .isEqualTo(403);
        assertThat(forwarding.get("nobody/echo", "Authorization", reader).statusCode())
                .isEqualTo(403);
        assertThat(forwarding.upstream.requests).isEmpty();
        try (Forwarding.Reader answer = forwarding.open("up/held?" + mine, "Authorization", user)) {
            String id = answer.await("id: ").substring(4);
            answer.await("part 1");
            // whoever knows all secrets of a session is not its subject
            assertThat(forwarding.get("up?" + mine, "Authorization", other).statusCode())
                    .isEqualTo(403);
            assertThat(forwarding
                            .get("up?position=" + id, "Authorization", other)
                            .statusCode())
                    .isEqualTo(403);
            assertThat(forwarding.get("up?position=" + id).statusCode()).isEqualTo(401);
            forwarding.upstream.release(10);
            // the session stands in for the token, as everywhere
            try (Forwarding.Reader again = forwarding.open("up?" + mine + "&position=" + id)) {
                again.await("part 5");
            }
        }
        assertThat(forwarding.upstream.requests.get(0).headers()).doesNotContainKey("Authorization");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up?allowPrivate=true -> upstream: must be an https URL",
                "up?upstream=http://127.0.0.1:1 -> upstream: must be an https URL",
                "up?upstream=http://example.org&allowPrivate=true -> upstream: must be an https URL",
                "up?upstream=https://user:secret@example.org -> upstream: must be an https URL",
                "up?upstream=https://example.org/?x=y -> upstream: must be an https URL",
                "up?upstream=ftp://example.org -> upstream: must be an https URL",
                "up?upstream=https://example.org&methods=GET,CONNECT -> methods=GET,CONNECT: must be methods",
                "up?upstream=https://example.org&allowedHeaders=Connection -> connection cannot be forwarded",
                "up?upstream=https://example.org&allowedHeaders=CamelFileName -> camelfilename cannot be forwarded",
                "up?upstream=https://example.org&header.Host=x -> header.Host: is no header",
                "up?upstream=https://example.org&keep=soon&ahead=8m -> 2 properties are wrong",
                "up?upstream=https://example.org&keap=1m -> Unknown parameters",
                "a/b?upstream=https://example.org -> give an https:// URL",
            })
    void fromARouteThatIsWrong(String text) {
        String[] parts = text.split(" -> ", -1);
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                from("https-proxy:" + parts[0]).to("log:x");
            }
        };
        assertThatThrownBy(() -> {
                    forwarding.gateway.context.addRoutes(routes);
                    forwarding.gateway.start();
                })
                .hasStackTraceContaining(parts[1])
                .satisfies(e -> assertThat(e).hasMessageNotContaining("secret"));
    }
}
