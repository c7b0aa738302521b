package org.needle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.needle.client.ExplicitProxy;
import org.needle.conformance.OpenEdge;
import org.needle.lab.Lab;
import org.needle.lab.LabOptions;
import org.needle.lab.Profile;

@Timeout(90)
class DoctorInATerminal {
    private final OpenEdge edge = OpenEdge.start();

    @AfterEach
    void stop() {
        edge.close();
    }

    private Typed behind(String profile) throws Exception {
        InetSocketAddress gateway = new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port());
        try (Lab lab =
                Lab.open(Profile.named(profile), gateway, LabOptions.plain().from("127.77.90.1"))) {
            return Typed.needle("doctor", "http://127.0.0.1:" + lab.port());
        }
    }

    @Test
    void saysWhatIsDoneByWhichEvidenceAndWhatHelps() throws Exception {
        Typed typed = behind("buffer-response");
        assertThat(typed.status()).isZero();
        assertThat(typed.out())
                .contains("sse        -     held-to-end", "websocket  works clear", "end at ")
                .contains("Events get through: by websocket, ")
                .contains("must not be buffered");
    }

    @Test
    void tellsTheGatewayToo() throws Exception {
        long before = edge.meter("needle.receipts");
        assertThat(behind("clear").status()).isZero();
        assertThat(edge.meter("needle.receipts")).isGreaterThan(before);
    }

    @Test
    void noWayIsStatusOneAndNoTransportIsBlamed() throws Exception {
        Typed portal = behind("captive-portal");
        assertThat(portal.status()).isEqualTo(1);
        assertThat(portal.out()).contains("captive-portal: ", "Log in").doesNotContain("blocked");
        String url = "http://127.0.0.1:" + edge.port();
        edge.close();
        Typed away = Typed.needle("doctor", url);
        assertThat(away.status()).isEqualTo(1);
        assertThat(away.out()).contains("unavailable: ").doesNotContain("blocked");
    }

    @Test
    void aProxyThatWantsCredentialsIsNamedAndWithThemItWorks() {
        try (ExplicitProxy proxy = new ExplicitProxy("me:secret")) {
            String url = "http://127.0.0.1:" + edge.port();
            Typed without = Typed.needle("doctor", url, "--proxy", "http://127.0.0.1:" + proxy.port());
            assertThat(without.status()).isEqualTo(1);
            assertThat(without.out()).contains("proxy-auth: ", "--proxy http://USER:PASSWORD@");
            Typed with = Typed.needle("doctor", url, "--proxy", "http://me:secret@127.0.0.1:" + proxy.port());
            assertThat(with.status()).as(with.out()).isZero();
            assertThat(with.out()).contains("sse        works clear").doesNotContain("secret");
        }
    }

    @Test
    void wrongArgumentsEndWithTwo() {
        assertThat(Typed.needle("doctor").status()).isEqualTo(2);
        assertThat(Typed.needle("doctor", "ftp://x").status()).isEqualTo(2);
        assertThat(Typed.needle("doctor", "http://x", "--watch=-1").status()).isEqualTo(2);
        assertThat(Typed.needle("doctor", "http://x", "--topic=a b").status()).isEqualTo(2);
        assertThat(Typed.needle("doctor", "--help").out()).contains("NEEDLE_TOKEN", "--proxy");
    }
}
