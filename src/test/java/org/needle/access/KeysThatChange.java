package org.needle.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The issuer changes its keys while the gateway runs. */
class KeysThatChange {
    @TempDir
    Path folder;

    private final Mint mint = new Mint();
    private final AtomicInteger fetches = new AtomicInteger();
    private final HttpServer server;
    private volatile String served = "";
    private volatile int status = 200;

    KeysThatChange() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            fetches.incrementAndGet();
            byte[] body = served.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks";
    }

    private static RSAKey key(String id) throws Exception {
        return new RSAKeyGenerator(2048).keyID(id).generate();
    }

    private static String set(JWK... keys) {
        return new JWKSet(List.of(keys)).toString();
    }

    private String token(RSAKey key) throws Exception {
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build();
        return Mint.sign(header, mint.claims("me", List.of("a"), List.of()), new RSASSASigner(key));
    }

    /** Each is tried in turn for a token that names none. */
    @Test
    void areNoMoreThanAHundred() throws Exception {
        String one = TokenThatIsNotRight.pem(
                KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic());
        assertThat(KeyFormats.keyFile(one.repeat(100).getBytes(StandardCharsets.US_ASCII)))
                .hasSize(100);
        assertThatThrownBy(() -> KeyFormats.keyFile(one.repeat(101).getBytes(StandardCharsets.US_ASCII)))
                .hasMessage("holds more than 100 keys");
        JWK key = key("1").toPublicJWK();
        byte[] set = set(Collections.nCopies(101, key).toArray(JWK[]::new)).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> KeyFormats.jwks(set, false)).hasMessage("holds more than 100 keys");
    }

    @Test
    void inAFileAreReadAndBrokenOnesAreNot() throws Exception {
        RSAKey one = key("1");
        RSAKey two = key("2");
        Path file = Files.writeString(folder.resolve("jwks.json"), set(one));
        Keys keys = Keys.ofJwks("token-jwks", file.toString(), mint::now);
        Tokens tokens = mint.tokens(keys);
        assertThat(tokens.grant(token(one))).isNotNull();
        assertThat(tokens.grant(token(two))).isNull();
        Files.writeString(file, set(one, two));
        mint.pass(2);
        keys.look();
        assertThat(tokens.grant(token(one))).isNotNull();
        assertThat(tokens.grant(token(two))).isNotNull();
        Files.writeString(file, "{\"keys\":[");
        mint.pass(2);
        keys.look();
        assertThat(tokens.grant(token(two))).isNotNull();
        Files.delete(file);
        mint.pass(2);
        keys.look();
        assertThat(tokens.grant(token(two))).isNotNull();
        Files.writeString(file, set(two));
        mint.pass(3);
        keys.look();
        assertThat(tokens.grant(token(one))).isNull();
        assertThat(tokens.grant(token(two))).isNotNull();
    }

    @Test
    void atAUrlAreFetchedWhenATokenNamesANewOneButNotAllTheTime() throws Exception {
        RSAKey one = key("1");
        RSAKey two = key("2");
        served = set(one);
        Keys keys = Keys.ofJwks("token-jwks", url(), mint::now);
        Tokens tokens = mint.tokens(keys);
        keys.look();
        assertThat(tokens.grant(token(one))).isNotNull();
        served = set(one, two);
        for (int i = 0; i < 50; i++) {
            assertThat(tokens.grant(token(two))).isNull();
            keys.look();
        }
        assertThat(fetches).hasValue(1);
        mint.pass(31);
        keys.look();
        assertThat(fetches).hasValue(2);
        assertThat(tokens.grant(token(two))).isNotNull();
        mint.pass(299);
        keys.look();
        assertThat(fetches).as("nothing is missed, so five minutes").hasValue(2);
        mint.pass(2);
        keys.look();
        assertThat(fetches).hasValue(3);
    }

    @Test
    void atAUrlThatFailsStayAsTheyWereAndItIsAskedLessAndLess() throws Exception {
        RSAKey one = key("1");
        served = set(one);
        Keys keys = Keys.ofJwks("token-jwks", url(), mint::now);
        Tokens tokens = mint.tokens(keys);
        keys.look();
        status = 500;
        mint.pass(301);
        for (int i = 0; i < 60; i++) {
            keys.look();
            mint.pass(1);
        }
        assertThat(fetches.get()).isBetween(5, 9);
        assertThat(tokens.grant(token(one))).isNotNull();
    }

    @Test
    void areFollowedWhileTheGatewayRuns() throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "x".repeat(40));
        Keys keys = Keys.ofFile("token-key", file.toString(), System::currentTimeMillis);
        Tokens tokens = mint.tokens(keys);
        keys.start();
        try {
            String token = mint.token("me", "a");
            assertThat(tokens.grant(token)).isNull();
            Files.writeString(file, Mint.SECRET);
            org.awaitility.Awaitility.await()
                    .atMost(java.time.Duration.ofSeconds(20))
                    .until(() -> tokens.grant(token) != null);
        } finally {
            keys.stop();
        }
    }

    @Test
    void fromTheNetworkAreNeverSecrets() throws Exception {
        OctetSequenceKey secret = new OctetSequenceKey.Builder(Mint.SECRET.getBytes(StandardCharsets.US_ASCII)).build();
        served = new JWKSet(List.of(secret, key("1"))).toString(false);
        Keys keys = Keys.ofJwks("token-jwks", url(), mint::now);
        keys.look();
        assertThat(keys.current()).hasSize(1);
        assertThat(mint.tokens(keys).grant(mint.token("me", "a"))).isNull();
        Path file = Files.writeString(folder.resolve("jwks.json"), served);
        Keys local = Keys.ofJwks("token-jwks", file.toString(), mint::now);
        assertThat(mint.tokens(local).grant(mint.token("me", "a"))).isNotNull();
    }

    @Test
    void comeOnlyFromPlacesThatCanBeTrusted() {
        for (String url : List.of(
                "http://issuer.example/jwks",
                "ftp://127.0.0.1/jwks",
                "https://me:secret@issuer.example/",
                "https://")) {
            assertThatThrownBy(() -> Keys.ofJwks("token-jwks", url, mint::now))
                    .isInstanceOf(IllegalArgumentException.class)
                    .message()
                    .doesNotContain("secret");
        }
    }
}
