package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.test.AvailablePortFinder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.needle.conformance.TestKeys;
import org.needle.edge.PemKeys;

/** Where the TLS port takes its certificate from, and what routes see of it. */
class GatewayWithCertificate {
    @TempDir
    Path folder;

    private final TestGateway gateway = new TestGateway();

    private HttpResponse<String> get(SSLContext trust, HttpClient.Version version, String path, String... headers)
            throws Exception {
        HttpClient client =
                HttpClient.newBuilder().sslContext(trust).version(version).build();
        URI uri = URI.create("https://127.0.0.1:" + gateway.push().boundTlsPort() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** The gateway with an ordinary route that answers with a Simple expression. */
    private TestGateway answering(String path, String expression) throws Exception {
        int port = AvailablePortFinder.getNextAvailable();
        gateway.options().setPort(Integer.toString(port));
        gateway.options().setTlsPort("-1");
        gateway.options().setStateDir(folder.toString());
        gateway.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("netty-http:http://127.0.0.1:" + port + path).setBody(simple(expression));
            }
        });
        return gateway.start();
    }

    private X509Certificate shown() throws Exception {
        HttpResponse<String> answer = get(TestKeys.trusting(), HttpClient.Version.HTTP_1_1, "/info");
        assertThat(answer.statusCode()).isEqualTo(200);
        return (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
    }

    @Test
    void makesOneForDevelopmentAndKeepsIt() throws Exception {
        gateway.options().setTlsPort("-1");
        gateway.options().setStateDir(folder.resolve("state").toString());
        X509Certificate first;
        try (TestGateway running = gateway.start()) {
            first = shown();
            try (InputStream pem = Files.newInputStream(folder.resolve("state/development.pem"))) {
                assertThat(CertificateFactory.getInstance("X.509").generateCertificates(pem))
                        .isEqualTo(List.of(first));
            }
            assertThat(first.getSubjectX500Principal().getName()).contains("development");
            assertThat(running.push().urls()).anySatisfy(url -> assertThat(url).startsWith("https://"));
            assertThat(running.push().gateway().certificate()).contains("SHA-256 ");
        }
        try (TestGateway again = new TestGateway()) {
            again.options().setTlsPort("-1");
            again.options().setStateDir(folder.resolve("state").toString());
            again.start();
            HttpResponse<String> answer = HttpClient.newBuilder()
                    .sslContext(TestKeys.trusting())
                    .build()
                    .send(
                            HttpRequest.newBuilder(URI.create(
                                            "https://127.0.0.1:" + again.push().boundTlsPort() + "/info"))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.sslSession().orElseThrow().getPeerCertificates()[0])
                    .isEqualTo(first);
        }
    }

    @Test
    void takesCamelsOwnKeystore() throws Exception {
        TestKeys keys = new TestKeys(folder);
        KeyStoreParameters store = new KeyStoreParameters();
        store.setResource("file:" + keys.keys().folder().resolve("development.p12"));
        store.setPassword("development");
        store.setType("PKCS12");
        KeyManagersParameters managers = new KeyManagersParameters();
        managers.setKeyStore(store);
        managers.setKeyPassword("development");
        SSLContextParameters parameters = new SSLContextParameters();
        parameters.setKeyManagers(managers);
        gateway.context.setSSLContextParameters(parameters);
        gateway.options().setTlsPort("-1");
        try (TestGateway running = gateway.start()) {
            assertThat(shown()).isEqualTo(keys.certificate());
            assertThat(running.push().gateway().settings().edge().tls().keys().files())
                    .hasSize(1);
        }
    }

    @Test
    void asksClientsForTheirsIfTold() throws Exception {
        TestKeys client = new TestKeys(folder);
        PemKeys authority = client.writeTo(Files.createDirectory(folder.resolve("client")));
        PemKeys server = new TestKeys(folder).writeTo(folder);
        gateway.options().setTlsPort("-1");
        gateway.options().setTlsCertificate(server.certificate().toString());
        gateway.options().setTlsKey(server.key().toString());
        gateway.options().setTlsClientCa(authority.certificate().toString());
        gateway.options().setTlsClientAuth("required");
        try (TestGateway running = gateway.start()) {
            assertThat(get(client.showing(), HttpClient.Version.HTTP_2, "/info").statusCode())
                    .isEqualTo(200);
            assertThatThrownBy(() -> get(TestKeys.trusting(), HttpClient.Version.HTTP_1_1, "/info"))
                    .isInstanceOf(IOException.class);
            TestKeys stranger = new TestKeys(folder);
            assertThatThrownBy(() -> get(stranger.showing(), HttpClient.Version.HTTP_1_1, "/info"))
                    .isInstanceOf(IOException.class);
            assertThat(running.push().boundTlsPort()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void servesOrdinaryRoutesToo(HttpClient.Version version) throws Exception {
        try (TestGateway running = answering("/hello", "from a route")) {
            HttpResponse<String> answer = get(TestKeys.trusting(), version, "/hello");
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.body()).isEqualTo("from a route");
            HttpResponse<String> missing = get(TestKeys.trusting(), version, "/nowhere");
            assertThat(missing.statusCode()).isEqualTo(404);
            assertThat(running.post("/hello", "x").body()).isEqualTo("from a route");
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void keepsWhatSteersCamelOutOfRoutes(HttpClient.Version version) throws Exception {
        try (TestGateway running = answering("/show", "${headers}")) {
            assertThat(running.push().boundTlsPort()).isPositive();
            String headers = get(
                            TestKeys.trusting(),
                            version,
                            "/show?CamelFileName=forged&operationName=forged&websocket.x=forged&mine=kept",
                            "CamelPushTopic",
                            "forged",
                            "camelfilename",
                            "forged",
                            "org.apache.camel.x",
                            "forged",
                            "kafka.TOPIC",
                            "forged",
                            "operationname",
                            "forged")
                    .body();
            String own = headers.replaceAll("CamelHttp[A-Za-z]*=[^,}]*", ""); // the URL as it was asked for
            assertThat(own).contains("mine=kept").doesNotContain("forged");
        }
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        gateway.options().setTlsPort("-1");
        gateway.options().setTlsCertificate(folder.resolve("missing.pem").toString());
        assertThatThrownBy(gateway::start)
                .hasStackTraceContaining("camel.component.push.tls-certificate")
                .hasStackTraceContaining("camel.component.push.tls-key: is missing");
        gateway.close();
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        try (TestGateway other = new TestGateway()) {
            other.options().setTlsPort("-1");
            other.options().setTlsCertificate(empty.toString());
            other.options().setTlsKey(empty.toString());
            assertThatThrownBy(other::start).hasStackTraceContaining("holds no certificate in PEM format");
        }
    }
}
