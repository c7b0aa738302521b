package org.needle.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class ProxyThatAsksWhoIsThere {
    private static String as(String user, String secret) {
        byte[] both = (user + ":" + secret).getBytes(StandardCharsets.UTF_8);
        return "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(both);
    }

    private static String ask(Bench bench, String first, String... headers) {
        return bench.client().ask(first, headers).head();
    }

    @Test
    void withCredentialsATunnelLeadsToTheTarget() {
        try (Bench bench = new Bench("connect-only-auth")) {
            for (String place : new String[] {"events.example:443", "127.0.0.1:" + bench.targetPort()}) {
                Peer client = bench.client().ask("CONNECT " + place + " HTTP/1.1", as("user", "secret"));
                assertThat(client.head()).startsWith("HTTP/1.1 200 ").doesNotContain("Content-Length", "chunked");
                Peer server = bench.server();
                client.send("\u0016\u0003\u0001 not http");
                server.expect("\u0016\u0003\u0001 not http").send("\0 neither");
                client.expect("\0 neither");
                client.close();
                assertThat(server.end(10_000)).isEqualTo(Peer.End.FIN);
            }
        }
    }

    @Test
    void withoutCredentialsItAsksForThemAndTheConnectionStays() {
        try (Bench bench = new Bench("connect-only-auth")) {
            Peer client = bench.client().ask("CONNECT events.example:443 HTTP/1.1");
            assertThat(client.head()).startsWith("HTTP/1.1 407 ").contains("Proxy-Authenticate: Basic realm=");
            client.read("who are you?\n".length());
            client.ask("CONNECT events.example:443 HTTP/1.1", as("user", "secret"));
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            assertThat(ask(bench, "CONNECT events.example:443 HTTP/1.1", as("user", "wrong")))
                    .startsWith("HTTP/1.1 407 ");
        }
    }

    @Test
    void otherPortsAndOtherMethodsAreRefused() {
        try (Bench bench = new Bench("connect-only-auth")) {
            for (String first : new String[] {
                "CONNECT events.example:22 HTTP/1.1",
                "CONNECT events.example HTTP/1.1",
                "GET http://events.example/ HTTP/1.1"
            }) {
                assertThat(ask(bench, first, as("user", "secret"))).startsWith("HTTP/1.1 403 ");
            }
            assertThat(bench.isReached()).isFalse();
        }
    }
}
