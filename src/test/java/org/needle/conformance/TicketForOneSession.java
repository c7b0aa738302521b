package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.access.Mint;

/** A client that cannot send its token shows a ticket, or the cookie that came with it. */
class TicketForOneSession {
    private final Mint mint = new Mint();
    private final OpenEdge edge = OpenEdge.start(plan -> plan.guardedBy(mint.access()));

    @AfterEach
    void stop() {
        edge.close();
    }

    private Wire.Answer buy(String target, String body, String... headers) {
        try (Wire wire = new Wire(edge.port())) {
            return wire.post(target, body, headers).answer();
        }
    }

    private String bearer() {
        return "Authorization: Bearer " + mint.token("me", "t", "u/**");
    }

    private String ticket() {
        Wire.Answer answer = buy("/tickets", "", bearer());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(answer.header("Set-Cookie")).isEmpty();
        assertThat(answer.json().path("expires").asLong()).isBetween(mint.now() + 1, mint.now() + 30_000);
        return answer.json().path("ticket").asText();
    }

    private Wire.Answer poll(String query, String... headers) {
        List<String> head = new ArrayList<>(List.of("GET /events?transport=poll&wait=0&topic=" + query + " HTTP/1.1"));
        head.addAll(List.of(headers));
        return Wire.ask(edge.port(), head.toArray(String[]::new));
    }

    private static String session(JsonNode hello) {
        return "&session=" + hello.path("session").asText() + "&resume="
                + hello.path("resume").asText();
    }

    @Test
    void opensOneSessionThatThenGoesOnWithItsSecret() {
        String ticket = ticket();
        Wire.Answer first = poll("t&ticket=" + ticket);
        assertThat(first.status()).isEqualTo(200);
        assertThat(poll("t&ticket=" + ticket).status()).isEqualTo(401);
        String session = session(first.json().path(0));
        edge.publish("t", "news");
        String next = "t&position=" + first.header("Needle-Position") + session;
        assertThat(poll(next).body()).contains("news");
        assertThat(poll(next + "&ticket=" + ticket).body()).contains("news");
        assertThat(poll("v" + session).status()).isEqualTo(403);
    }

    /** Those who leave secrets out of a query, as for the upstream of a forwarded request, part it only at &. */
    @Test
    void isNoTicketBehindASemicolon() {
        assertThat(poll("t&x=1;ticket=" + ticket()).status()).isEqualTo(401);
    }

    @Test
    void opensAWebSocket() {
        String ticket = ticket();
        try (RawWebSocket socket = new RawWebSocket(edge.port(), "/events?topic=t&ticket=" + ticket)) {
            socket.next();
            edge.publish("t", "news");
            assertThat(socket.next().path("data").asText()).isEqualTo("news");
            assertThat(poll("t&ticket=" + ticket).status()).isEqualTo(401);
        }
    }

    @Test
    void isNotSpentOnARefusal() {
        String ticket = ticket();
        assertThat(poll("elsewhere&ticket=" + ticket).status()).isEqualTo(403);
        assertThat(Wire.ask(edge.port(), "GET /events?topic=t&transport=websocket&ticket=" + ticket + " HTTP/1.1")
                        .status())
                .isEqualTo(426);
        assertThat(poll("t&ticket=" + ticket).status()).isEqualTo(200);
    }

    @Test
    void isTooOldAfterHalfAMinute() {
        String ticket = ticket();
        mint.pass(31);
        assertThat(poll("t&ticket=" + ticket).status()).isEqualTo(401);
    }

    @Test
    void doesNotOutliveItsToken() {
        String soon = mint.token(mint.claims("me", List.of("t"), List.of()).expirationTime(mint.in(5)));
        Wire.Answer answer = buy("/tickets", "{\"token\":\"" + soon + "\"}");
        assertThat(answer.json().path("expires").asLong()).isLessThanOrEqualTo(mint.now() + 5_000);
        mint.pass(6);
        assertThat(poll("t&ticket=" + answer.json().path("ticket").asText()).status())
                .isEqualTo(401);
    }

    @Test
    void mayBeForLessThanTheToken() {
        String body = "{\"token\":\"" + mint.token("me", "t", "u/**") + "\",\"topics\":[\"u/1\"]}";
        Wire.Answer answer = buy("/tickets", body);
        String ticket = answer.json().path("ticket").asText();
        assertThat(poll("t&ticket=" + ticket).status()).isEqualTo(403);
        assertThat(poll("u/1&ticket=" + ticket).status()).isEqualTo(200);
        assertThat(buy("/tickets", body.replace("u/1", "v")).status()).isEqualTo(403);
        assertThat(buy("/tickets", body.replace("u/1", "a b")).status()).isEqualTo(400);
    }

    @Test
    void isNotHadWithoutAToken() {
        Wire.Answer none = buy("/tickets", "");
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(buy("/tickets", "{\"token\":\"x\"}").body()).isEqualTo(none.body());
        assertThat(buy("/tickets?ticket=" + ticket(), "").status()).isEqualTo(401);
        assertThat(buy("/tickets", "x", bearer()).status()).isEqualTo(400);
        assertThat(Wire.ask(edge.port(), "GET /tickets HTTP/1.1", bearer()).status())
                .isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tickets?cookie=true|{}", "/tickets|{\"cookie\":true}"})
    void comesWithACookieForBrowsers(String how) {
        String[] parts = how.split("\\|", -1);
        Wire.Answer answer = buy(parts[0], parts[1], bearer(), "Origin: http://localhost");
        String cookie = answer.header("Set-Cookie");
        assertThat(cookie)
                .matches("__Host-needle=[A-Za-z0-9_-]{43}; Path=/; Secure; HttpOnly; SameSite=Lax")
                .doesNotContain(answer.json().path("ticket").asText());
        String sent = "Cookie: other=1; " + cookie.substring(0, cookie.indexOf(';'));
        for (int i = 0; i < 3; i++) {
            assertThat(poll("t", sent).status()).isEqualTo(200);
        }
        assertThat(poll("t", sent, "Origin: http://localhost").status()).isEqualTo(200);
        assertThat(poll("v", sent).status()).isEqualTo(403);
        for (String origin : List.of("https://evil.example", "null", "http://localhost:81", "localhost")) {
            assertThat(poll("t", sent, "Origin: " + origin).status()).as(origin).isEqualTo(401);
        }
        String asTicket = cookie.substring("__Host-needle=".length(), cookie.indexOf(';'));
        assertThat(poll("t&ticket=" + asTicket).status()).isEqualTo(401);
        mint.pass(3601);
        assertThat(poll("t", sent).status()).isEqualTo(401);
    }

    @Test
    void comesWithNoCookieForPagesOfOthers() {
        Wire.Answer answer = buy("/tickets?cookie=true", "", bearer(), "Origin: https://evil.example");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("Set-Cookie")).isEmpty();
    }
}
