package org.needle.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.camel.WebSocketHeaders;
import org.needle.cli.Ports;
import org.needle.client.Dial;
import org.needle.client.DialException;
import org.needle.client.Fault;
import org.needle.client.ProxyAddress;
import org.needle.conformance.OpenEdge;
import org.needle.conformance.TestKeys;

/** Camel's way to other servers through Squid, which lets in one user only. */
@Tag("clients")
@Timeout(240)
class ThroughSquid {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static OpenEdge edge;
    private static Program squid;
    private static int port;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        edge = OpenEdge.start(plan -> plan.tls(new TestKeys(folder).keys()));
        edge.edge().sockets().open("/echo", new Echo());
        port = Ports.free();
        Path checker = Files.writeString(
                folder.resolve("users"),
                "#!/bin/sh\nwhile read u p; do case \"$u $p\" in 'me s%3Acret'|'me s:cret') echo OK;; *) echo ERR;; esac; done\n");
        Path config = Files.writeString(
                folder.resolve("squid.conf"),
                """
                http_port 127.0.0.1:PORT
                auth_param basic program HOME/users
                auth_param basic children 1
                auth_param basic realm needle
                acl known proxy_auth REQUIRED
                http_access allow known
                http_access deny all
                cache deny all
                access_log none
                cache_log HOME/cache.log
                pid_filename none
                coredump_dir HOME
                shutdown_lifetime 1 second
                read_timeout 60 seconds
                """
                        .replace("PORT", Integer.toString(port))
                        .replace("HOME", folder.toString()));
        // started by root, Squid becomes somebody else
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(checker, PosixFilePermissions.fromString("rwxr-xr-x"));
        squid = Program.start(folder, port, List.of(Program.find("squid").toString(), "-N", "-f", config.toString()));
    }

    @AfterAll
    static void stop() {
        squid.close();
        edge.close();
    }

    private static String proxy(String user) {
        return "http://" + user + "127.0.0.1:" + port;
    }

    private static DefaultCamelContext running(RouteBuilder routes) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        context.getRegistry().bind("trust", new SSLContextParameters() {
            @Override
            public javax.net.ssl.SSLContext createSSLContext(org.apache.camel.CamelContext x) {
                return TestKeys.trusting();
            }
        });
        context.addRoutes(routes);
        context.start();
        return context;
    }

    private static String options() {
        return "proxy=RAW(" + proxy("me:s%3Acret@") + ")&sslContextParameters=#bean:trust";
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void streamsAreConsumed(String scheme) throws Exception {
        String topic = "squid/" + scheme;
        String base = scheme + "://127.0.0.1:" + (scheme.equals("http") ? edge.port() : edge.tlsPort());
        List<String> seen = new CopyOnWriteArrayList<>();
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                from("sse:" + base + "/events?position=earliest&topic=" + topic + "&" + options())
                        .filter(simple("${header.CamelSseEventName} !regex 'needle-.*'"))
                        .process(x -> seen.add(x.getMessage().getBody(String.class)));
            }
        };
        try (DefaultCamelContext context = running(routes)) {
            for (int i = 0; i < 50; i++) {
                edge.publish(topic, "n" + i);
                int count = i + 1;
                await().atMost(LONG).until(() -> seen.size() == count);
            }
            assertThat(seen).startsWith("n0", "n1").endsWith("n49");
            assertThat(context.isStarted()).isTrue();
        }
    }

    @Test
    void webSocketsGoBothWays() throws Exception {
        String uri = "websocket-jsr356:wss://127.0.0.1:" + edge.tlsPort() + "/echo?" + options();
        List<String> seen = new CopyOnWriteArrayList<>();
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                from(uri)
                        .process(x -> {
                            String text = x.getMessage().getBody(String.class);
                            seen.add(text);
                            x.getMessage().setBody(text + "!");
                            x.getMessage().setHeader(WebSocketHeaders.USE_INCOMING, text.length() < 6);
                        })
                        .filter(header(WebSocketHeaders.USE_INCOMING).isEqualTo(true))
                        .to(uri);
                from("direct:in").to(uri);
            }
        };
        try (DefaultCamelContext context = running(routes)) {
            await().atMost(LONG).until(() -> edge.edge().sockets().at("/echo").size() == 3);
            edge.edge().sockets().broadcastText("/echo", "hi");
            await().atMost(LONG).until(() -> seen.contains("hi!!!!"));
            context.createProducerTemplate().sendBody("direct:in", "from a producer");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "me:wrong@"})
    void nobodyElseGetsThrough(String user) throws Exception {
        Dial dial = new Dial(new Dial.Settings(ProxyAddress.of(proxy(user)), TestKeys.trusting(), LONG));
        for (String url :
                List.of("http://127.0.0.1:" + edge.port() + "/info", "https://127.0.0.1:" + edge.tlsPort() + "/info")) {
            assertThat(dial.send(
                                    dial.request(URI.create(url)).build(),
                                    java.net.http.HttpResponse.BodyHandlers.discarding())
                            .handle((answer, failure) -> ((DialException) failure.getCause()).fault())
                            .get(30, TimeUnit.SECONDS))
                    .isEqualTo(Fault.PROXY_AUTH);
        }
    }

    /** Sends back what it gets. */
    private static final class Echo implements org.needle.edge.SocketListener {
        @Override
        public java.util.concurrent.CompletionStage<Void> onText(org.needle.edge.Socket socket, String text) {
            return socket.sendText(text);
        }

        @Override
        public java.util.concurrent.CompletionStage<Void> onBinary(org.needle.edge.Socket socket, byte[] data) {
            return socket.sendBinary(data);
        }
    }
}
