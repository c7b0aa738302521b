package org.needle.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.Secrets;
import org.needle.hub.Topic;
import org.needle.hub.TopicFilter;

/** Whatever is wrong with a token, it grants nothing; a right one grants what it says. */
class TokenThatIsNotRight {
    private static final String HEADER = "{\"alg\":\"HS256\"}";

    @TempDir
    Path folder;

    private final Mint mint = new Mint();
    private final Tokens tokens = mint.tokens(mint.keys());

    private JWTClaimsSet.Builder right() {
        return mint.claims("me", List.of("a/**"), List.of("b"));
    }

    private String claims(String needle) {
        return "{\"sub\":\"me\",\"iss\":\"" + Mint.ISSUER + "\",\"aud\":\"needle\",\"exp\":" + (mint.now() / 1000 + 60)
                + ",\"needle\":" + needle + "}";
    }

    private static KeyPair pair(String type, int size) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
        if (size > 0) {
            generator.initialize(size);
        }
        return generator.generateKeyPair();
    }

    static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private Tokens with(String keyFile, String... algorithms) throws Exception {
        Path file = Files.writeString(folder.resolve("key"), keyFile);
        return mint.tokens(Keys.ofFile("token-key", file.toString(), mint::now), algorithms);
    }

    @Test
    void isToldFromOneThatIs() {
        Grant grant = tokens.grant(mint.token(right()));
        assertThat(grant).isNotNull();
        assertThat(grant.subject()).isEqualTo("me");
        assertThat(grant.maySubscribe(TopicFilter.of("a/x/**"))).isTrue();
        assertThat(grant.maySubscribe(TopicFilter.of("b"))).isFalse();
        assertThat(grant.mayPublish(Topic.of("b"))).isTrue();
        assertThat(grant.mayPublish(Topic.of("a"))).isFalse();
        assertThat(tokens.grant(mint.raw(HEADER, claims("{\"subscribe\":[\"a\"]}"))))
                .isNotNull();
    }

    @Test
    void becauseOfItsSignature() {
        String token = mint.token(right());
        assertThat(tokens.grant(new Mint(Secrets.MARKER + ", another HMAC secret, also long enough").token(right())))
                .isNull();
        assertThat(tokens.grant(token.substring(0, token.lastIndexOf('.') + 1))).isNull();
        assertThat(tokens.grant(token + "." + token)).isNull();
        assertThat(tokens.grant("")).isNull();
    }

    @Test
    void becauseItsSubjectIsTooLongOrNone() {
        for (String subject : List.of("s".repeat(256), "", "a\nb")) {
            assertThat(tokens.grant(mint.token(mint.claims(subject, List.of("a"), List.of()))))
                    .as(subject)
                    .isNull();
        }
        String longest = "s".repeat(255);
        Grant grant = tokens.grant(mint.token(mint.claims(longest, List.of("a"), List.of())));
        assertThat(grant).isNotNull();
        assertThat(grant.subject()).isEqualTo(longest);
    }

    @Test
    void becauseNobodySignedIt() {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        for (String alg : List.of("none", "None", "NONE", "nOnE")) {
            String head = base64.encodeToString(("{\"alg\":\"" + alg + "\"}").getBytes(StandardCharsets.US_ASCII));
            String body =
                    base64.encodeToString(claims("{\"subscribe\":[\"**\"]}").getBytes(StandardCharsets.US_ASCII));
            assertThat(tokens.grant(head + "." + body + ".")).isNull();
            assertThat(tokens.grant(head + "." + body + ".AAAA")).isNull();
        }
    }

    @Test
    void becauseAPublicKeyWasTakenForASecret() throws Exception {
        PublicKey key = pair("RSA", 2048).getPublic();
        String pem = pem(key);
        Tokens ofRsa = with(pem);
        for (byte[] secret : List.of(
                pem.getBytes(StandardCharsets.US_ASCII),
                pem.trim().getBytes(StandardCharsets.US_ASCII),
                key.getEncoded())) {
            String forged = Mint.sign(new JWSHeader(JWSAlgorithm.HS256), right(), new MACSigner(secret));
            assertThat(ofRsa.grant(forged)).isNull();
        }
    }

    @Test
    void becauseItsAlgorithmIsNotAllowed() throws Exception {
        KeyPair rsa = pair("RSA", 2048);
        RSASSASigner signer = new RSASSASigner(rsa.getPrivate());
        String rs = Mint.sign(new JWSHeader(JWSAlgorithm.RS256), right(), signer);
        String ps = Mint.sign(new JWSHeader(JWSAlgorithm.PS384), right(), signer);
        Tokens any = with(pem(rsa.getPublic()));
        assertThat(any.grant(rs)).isNotNull();
        assertThat(any.grant(ps)).isNotNull();
        Tokens one = with(pem(rsa.getPublic()), "PS384");
        assertThat(one.grant(rs)).isNull();
        assertThat(one.grant(ps)).isNotNull();
    }

    @Test
    void isToldFromOneThatIsWithEveryKindOfKey() throws Exception {
        KeyPair ec = pair("EC", 384);
        KeyPair ed = pair("Ed25519", 0);
        String es =
                Mint.sign(new JWSHeader(JWSAlgorithm.ES384), right(), new ECDSASigner((ECPrivateKey) ec.getPrivate()));
        String eddsa = Mint.sign(new JWSHeader(JWSAlgorithm.EdDSA), right(), new Ed25519.Signer(ed.getPrivate()));
        Tokens both = with(pem(ec.getPublic()) + pem(ed.getPublic()));
        assertThat(both.grant(es)).isNotNull();
        assertThat(both.grant(eddsa)).isNotNull();
        assertThat(both.grant(eddsa.substring(0, eddsa.lastIndexOf('.')) + es.substring(es.lastIndexOf('.'))))
                .isNull();
    }

    @Test
    void becauseOfWhoIssuedItOrForWhom() {
        assertThat(tokens.grant(mint.token(right().issuer(Mint.ISSUER + "/")))).isNull();
        assertThat(tokens.grant(mint.token(right().issuer(null)))).isNull();
        assertThat(tokens.grant(mint.token(right().audience("needles")))).isNull();
        assertThat(tokens.grant(mint.token(right().audience((String) null)))).isNull();
        assertThat(tokens.grant(mint.token(right().audience(List.of("x", Mint.AUDIENCE)))))
                .isNotNull();
    }

    @Test
    void becauseOfItsTime() {
        assertThat(tokens.grant(mint.token(right().expirationTime(mint.in(-1)))))
                .isNull();
        assertThat(tokens.grant(mint.token(right().expirationTime(null)))).isNull();
        assertThat(tokens.grant(mint.token(right().notBeforeTime(mint.in(120)))))
                .isNull();
        assertThat(tokens.grant(mint.token(right().notBeforeTime(mint.in(20))))).isNotNull();
    }

    @Test
    void becauseOfItsSubject() {
        assertThat(tokens.grant(mint.token(right().subject(null)))).isNull();
        assertThat(tokens.grant(mint.token(right().subject("")))).isNull();
        assertThat(tokens.grant(mint.token(right().subject("a\r\nX: y")))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"subscribe\":[\"\"]}",
                "{\"subscribe\":[\"a/**/b\"]}",
                "{\"subscribe\":\"**\"}",
                "{\"subscribe\":[7]}",
                "{\"subscribe\":[null]}",
                "{\"subscribe\":[\"a\"],\"subscribe\":[\"**\"]}",
                "{},\"needle\":{\"subscribe\":[\"**\"]}",
                "[\"**\"]",
                "{\"x\":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}"
            })
    void becauseOfWhatItGrants(String needle) {
        assertThat(tokens.grant(mint.raw(HEADER, claims(needle)))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"subscribe\":[]}", "null"})
    void orGrantsNothing(String needle) {
        Grant grant = tokens.grant(mint.raw(HEADER, claims(needle)));
        assertThat(grant).isNotNull();
        assertThat(grant.maySubscribe(TopicFilter.of("a"))).isFalse();
    }

    @Test
    void becauseOfItsHeader() throws Exception {
        KeyPair ed = pair("Ed25519", 0);
        JWSHeader critical = new JWSHeader.Builder(JWSAlgorithm.EdDSA)
                .criticalParams(Set.of("x"))
                .customParam("x", 1)
                .build();
        String unknown = Mint.sign(critical, right(), new Ed25519.Signer(ed.getPrivate()));
        assertThat(with(pem(ed.getPublic())).grant(unknown)).isNull();
        String claims = claims("{\"subscribe\":[\"a\"]}");
        assertThat(tokens.grant(mint.raw("{\"alg\":\"HS256\",\"crit\":[\"x\"],\"x\":1}", claims)))
                .isNull();
        assertThat(tokens.grant(mint.raw("{\"alg\":\"HS256\",\"b64\":false}", claims)))
                .isNull();
        assertThat(tokens.grant(mint.raw("{\"alg\":\"none\",\"alg\":\"HS256\"}", claims)))
                .isNull();
    }

    @Test
    void becauseOfItsSize() {
        assertThat(tokens.grant("x".repeat(1 << 20))).isNull();
        assertThat(tokens.grant(mint.token(right().claim("more", "x".repeat(Tokens.MAX_LENGTH)))))
                .isNull();
        String deep = "[".repeat(3000) + "]".repeat(3000);
        assertThat(tokens.grant(mint.raw(HEADER, claims("{\"x\":" + deep + "}"))))
                .isNull();
    }

    @Test
    void andNamesKeysElsewhereIsTakenForWhatItIsAndNothingIsFetched() throws Exception {
        AtomicInteger fetches = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            fetches.incrementAndGet();
            exchange.close();
        });
        server.start();
        URI there = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
        KeyPair own = pair("RSA", 2048);
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(JOSEObjectType.JWT)
                .jwkURL(there)
                .x509CertURL(there)
                .jwk(new com.nimbusds.jose.jwk.RSAKey.Builder((java.security.interfaces.RSAPublicKey) own.getPublic())
                        .build())
                .keyID("../../../../etc/passwd")
                .build();
        try {
            String forged = Mint.sign(header, right(), new RSASSASigner(own.getPrivate()));
            assertThat(with(pem(pair("RSA", 2048).getPublic())).grant(forged)).isNull();
            assertThat(tokens.grant(forged)).isNull();
            assertThat(with(pem(own.getPublic())).grant(forged)).isNotNull();
            assertThat(fetches).hasValue(0);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void isNotFoundOutByWeakKeys() throws Exception {
        for (String file : List.of(
                "short",
                pem(pair("RSA", 1024).getPublic()),
                "-----BEGIN PUBLIC KEY-----\n!\n",
                "",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> with(file)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("holds ");
        }
    }
}
