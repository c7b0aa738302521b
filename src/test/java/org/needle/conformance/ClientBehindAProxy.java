package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.access.Access;
import org.needle.edge.EdgeSettings;
import org.needle.edge.Origins;
import org.needle.edge.Proxies;
import org.needle.edge.Transport;
import org.needle.hub.TopicFilter;

/** Who a client is may be told by a proxy that is trusted, and by nobody else. */
class ClientBehindAProxy {
    private static final Proxies LOCAL = Proxies.of(List.of("127.0.0.0/8", "10.0.0.0/8"));

    private static OpenEdge edge(Proxies proxies, boolean announced, EdgeSettings.Shares shares) {
        OpenEdge edge = OpenEdge.start(plan -> plan.letting(
                new EdgeSettings.Callers(Access.OPEN, Origins.of("", proxies), proxies, announced, shares)));
        edge.edge()
                .messages()
                .listen(TopicFilter.of("t"), Set.of(Transport.values()), m -> CompletableFuture.completedFuture(null));
        return edge;
    }

    private static int post(OpenEdge edge, String... headers) {
        try (Wire wire = new Wire(edge.port())) {
            return wire.post("/events?topic=t", "x", headers).answer().status();
        }
    }

    private static final EdgeSettings.Shares ONE_A_SECOND = new EdgeSettings.Shares(1_000, 1_000, 1_000, 1, 20);

    /** True if messages said to be of these two are counted together, at two at once. */
    private static boolean areOne(OpenEdge edge, String one, String other) {
        int refused = 0;
        for (int i = 0; i < 3; i++) {
            refused += post(edge, "X-Forwarded-For: " + one) == 429 ? 1 : 0;
            refused += post(edge, "X-Forwarded-For: " + other) == 429 ? 1 : 0;
        }
        return refused > 2;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.1            | 203.0.113.1            | true",
                "203.0.113.2            | 203.0.113.3            | false",
                "6.6.6.1, 203.0.113.4   | 6.6.6.2, 203.0.113.4   | true",
                "203.0.113.5, 10.1.1.1  | 203.0.113.5, 10.1.1.2  | true",
                "203.0.113.6:1000       | 203.0.113.6:2000       | true",
                "[2001:db8:1:2::1]:5    | 2001:db8:1:2:ffff::9   | true",
                "2001:db8:1:3::1        | 2001:db8:1:4::1        | false",
                "nonsense, 203.0.113.7  | 6.6.6.6, 203.0.113.7   | true",
            })
    void isTheLastAddressThatIsNoTrustedProxy(String one, String other, boolean same) {
        try (OpenEdge edge = edge(LOCAL, false, ONE_A_SECOND)) {
            assertThat(areOne(edge, one, other)).isEqualTo(same);
        }
    }

    @Test
    void isNotBelievedByItself() {
        try (OpenEdge edge = edge(Proxies.of(List.of("10.0.0.0/8")), false, ONE_A_SECOND)) {
            assertThat(areOne(edge, "203.0.113.8", "203.0.113.9")).isTrue();
        }
    }

    @Test
    void hasTheSchemeAndHostThatItSees() {
        String[] forwarded = {"Origin: https://app.example", "X-Forwarded-Proto: https", "X-Forwarded-Host: app.example"
        };
        try (OpenEdge edge = edge(LOCAL, false, EdgeSettings.Shares.DEFAULT)) {
            assertThat(post(edge, forwarded)).isEqualTo(202);
            assertThat(post(edge, "Origin: http://app.example", forwarded[1], forwarded[2]))
                    .as("a page in the clear")
                    .isEqualTo(403);
            assertThat(post(edge, "Origin: https://app.example", "X-Forwarded-Proto: https"))
                    .isEqualTo(403);
        }
        try (OpenEdge edge = edge(Proxies.NONE, false, EdgeSettings.Shares.DEFAULT)) {
            assertThat(post(edge, forwarded)).as("nobody is trusted").isEqualTo(403);
        }
    }

    private static byte[] version2(byte command, byte... source) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10, (byte) (0x20 | command)});
        out.write(source.length == 0 ? 0 : 0x11);
        out.write(0);
        out.write(source.length == 0 ? 0 : 12);
        if (source.length > 0) {
            out.writeBytes(source);
            out.writeBytes(new byte[] {127, 0, 0, 1, 1, 1, 2, 2});
        }
        return out.toByteArray();
    }

    private static int infoAfter(OpenEdge edge, byte[] announcement) {
        try (Wire wire = new Wire(edge.port())) {
            wire.raw(announcement);
            return wire.send("GET /info HTTP/1.1").answer().status();
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void isAnnouncedByTheProxyProtocol() {
        try (OpenEdge edge = edge(LOCAL, true, new EdgeSettings.Shares(1, 1_000, 1_000, 50, 20))) {
            byte[] first = version2((byte) 1, (byte) 203, (byte) 0, (byte) 113, (byte) 1);
            assertThat(infoAfter(edge, first)).isEqualTo(200);
            assertThat(infoAfter(edge, ascii("PROXY TCP4 203.0.113.2 127.0.0.1 1000 80\r\n")))
                    .isEqualTo(200);
            assertThat(infoAfter(edge, ascii("PROXY TCP6 2001:db8::1 ::1 1000 80\r\n")))
                    .isEqualTo(200);
            assertThat(infoAfter(edge, ascii("PROXY UNKNOWN\r\n"))).isEqualTo(200);
            assertThat(infoAfter(edge, version2((byte) 0))).isEqualTo(200);
            try (Wire held = new Wire(edge.port())) {
                held.raw("PROXY TCP4 203.0.113.3 127.0.0.1 1000 80\r\n");
                assertThat(held.send("GET /info HTTP/1.1").answer().status()).isEqualTo(200);
                try (Wire second = new Wire(edge.port())) {
                    second.raw("PROXY TCP4 203.0.113.3 127.0.0.1 1001 80\r\n");
                    assertThat(second.isEnded())
                            .as("one connection from this address")
                            .isTrue();
                }
                assertThat(infoAfter(edge, ascii("PROXY TCP4 203.0.113.4 127.0.0.1 1000 80\r\n")))
                        .isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /info HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "PROXY TCP4 nonsense 127.0.0.1 1000 80\r\nGET /info HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "PROXY TCP4 203.0.113.1\r\nGET /info HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "PROXYTCP4 203.0.113.1 127.0.0.1 1000 80 GET /info HTTP/1.1 and on and on and on and on and on and on and on and on"
            })
    void isNotServedWithoutAnAnnouncement(String bytes) {
        try (OpenEdge edge = edge(LOCAL, true, EdgeSettings.Shares.DEFAULT);
                Wire wire = new Wire(edge.port())) {
            assertThat(wire.raw(bytes).isEnded()).isTrue();
        }
    }

    @Test
    void isNotAnnouncedByAnybodyElse() {
        try (OpenEdge edge = edge(Proxies.of(List.of("10.0.0.0/8")), true, EdgeSettings.Shares.DEFAULT);
                Wire wire = new Wire(edge.port())) {
            assertThat(wire.isEnded()).isTrue();
        }
    }
}
