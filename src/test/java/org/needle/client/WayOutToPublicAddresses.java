package org.needle.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The exit connects to addresses that it has looked at, and to no others, whatever names mean at the moment. */
class WayOutToPublicAddresses {
    private static final InetAddress GOOD = address("127.0.0.1");
    private static final InetAddress BAD = address("127.0.0.2");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<InetAddress[]> meanings = new ArrayDeque<>();
    private final AtomicInteger connections = new AtomicInteger();
    private ServerSocket server;
    private Exit exit;

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket();
        server.bind(new InetSocketAddress("0.0.0.0", 0));
        threads.execute(() -> {
            try {
                while (true) {
                    Socket accepted = server.accept();
                    connections.incrementAndGet();
                    accepted.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
                    accepted.close();
                }
            } catch (IOException e) {
                // closed
            }
        });
        exit = new Exit(host -> meanings.remove(), address -> address.equals(GOOD), threads);
        exit.allow("name.example", server.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        exit.close();
        server.close();
        threads.shutdownNow();
    }

    private String connect(String target, String... headers) throws IOException {
        InetSocketAddress at = exit.address().address();
        try (Socket socket = new Socket(at.getHostString(), at.getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(("CONNECT " + target + " HTTP/1.1\r\nHost: x\r\n" + String.join("\r\n", headers) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private String target() {
        return "name.example:" + server.getLocalPort();
    }

    private String secret() {
        return "Proxy-Authorization: " + exit.address().authorization() + "\r\nX: y";
    }

    @Test
    void joinsWhatItConnects() throws IOException {
        meanings.add(new InetAddress[] {GOOD});
        assertThat(connect(target(), secret())).startsWith("HTTP/1.1 200").endsWith("hello");
    }

    @Test
    void looksAtEachMeaningAgain() throws IOException {
        meanings.add(new InetAddress[] {GOOD});
        meanings.add(new InetAddress[] {BAD});
        assertThat(connect(target(), secret())).startsWith("HTTP/1.1 200");
        assertThat(connect(target(), secret())).startsWith("HTTP/1.1 403");
        assertThat(connections).hasValue(1);
    }

    @Test
    void passesOverThoseOfSeveralThatAreNotAllowed() throws IOException {
        meanings.add(new InetAddress[] {BAD, GOOD});
        assertThat(connect(target(), secret())).startsWith("HTTP/1.1 200");
    }

    @Test
    void leadsOnlyWhereItWasToldAndOnlyItsOwnProcess() throws IOException {
        assertThat(connect("other.example:443", secret())).startsWith("HTTP/1.1 403");
        assertThat(connect("name.example:1", secret())).startsWith("HTTP/1.1 403");
        assertThat(connect(target())).startsWith("HTTP/1.1 407");
        assertThat(connect(target(), "Proxy-Authorization: Basic eDp5")).startsWith("HTTP/1.1 407");
        assertThat(connections).hasValue(0);
    }

    @Test
    void isTheWayOfAClient() {
        meanings.add(new InetAddress[] {BAD});
        Dial dial = new Dial(new Dial.Settings(exit.address(), null, Duration.ofSeconds(5)));
        URI uri = URI.create("https://" + target() + "/");
        assertThatThrownBy(() -> dial.send(dial.request(uri).build(), BodyHandlers.discarding())
                        .join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .satisfies(fault -> assertThat(((DialException) fault).fault()).isEqualTo(Fault.PROXY_REFUSED));
        assertThat(connections).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.1.2.3",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.168.1.1",
                "192.88.99.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:10.0.0.1",
                "::10.0.0.1",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:a00:1::1",
                "fc00::1",
                "fd12:3456::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "3fff::1"
            })
    void refusesWhatIsNotPublic(String address) {
        assertThat(AddressRule.PUBLIC.allows(address(address))).isFalse();
    }

    @Test
    void allowsWhatIs() {
        for (String each : List.of(
                "1.1.1.1",
                "8.8.8.8",
                "100.63.255.255",
                "100.128.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "192.167.1.1",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450::1",
                "64:ff9b::808:808")) {
            assertThat(AddressRule.PUBLIC.allows(address(each))).as(each).isTrue();
        }
    }
}
