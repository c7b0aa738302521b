package org.needle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.needle.lab.Profile;

class LabFromATerminal {

    @TempDir
    private Path folder;

    @Test
    void listNamesEachProfileOnALineOfItsOwn() {
        Typed typed = Typed.needle("lab", "--list");
        assertThat(typed.status()).isZero();
        assertThat(typed.out()
                        .lines()
                        .map(line -> line.substring(0, line.indexOf(' ')))
                        .toList())
                .isEqualTo(Profile.names());
        assertThat(typed.out().lines()).allMatch(line -> line.length() < 130);
    }

    /** On a connection of its own: those that were open when the network changed are lost, which a POST does not survive. */
    private static int post(URI uri) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(10))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void theNetworkChangesWhenAnotherNameIsTyped() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(200, -1);
            }
        });
        server.start();
        Process lab = start("--profile", "get-only", "--listen", "0", "--target", place(server));
        try (BufferedReader said =
                        new BufferedReader(new InputStreamReader(lab.getInputStream(), StandardCharsets.UTF_8));
                PrintWriter typed = new PrintWriter(lab.getOutputStream(), true, StandardCharsets.UTF_8)) {
            URI uri = told(said, place(server));
            assertThat(said.readLine()).startsWith("get-only: ");
            assertThat(post(uri)).isEqualTo(405);
            typed.println("clear");
            assertThat(said.readLine()).startsWith("clear: ");
            assertThat(post(uri)).isEqualTo(200);
            typed.println("nonsense");
            typed.println("blip-502 stay");
            assertThat(said.readLine()).startsWith("blip-502: ");
            assertThat(post(uri)).isEqualTo(502);
            lab.getOutputStream().close();
            assertThat(lab.waitFor(1, TimeUnit.SECONDS))
                    .as("goes on without a terminal")
                    .isFalse();
        } finally {
            lab.destroy();
            assertThat(lab.waitFor(20, TimeUnit.SECONDS)).isTrue();
            server.stop(0);
        }
        assertThat(Files.readString(folder.resolve("err"))).contains("there is no profile nonsense");
    }

    @Test
    void withTlsItSaysWhereItsAuthorityIs() throws Exception {
        Process lab = start("--tls", "--listen", "0", "--target", "127.0.0.1:1");
        try (BufferedReader said = lab.inputReader()) {
            assertThat(told(said, "127.0.0.1:1").getScheme()).isEqualTo("https");
            assertThat(Files.readString(folder.resolve("state/lab/authority.pem")))
                    .startsWith("-----BEGIN CERT");
            assertThat(Files.readString(folder.resolve("err"))).contains("state/lab/authority.pem");
        } finally {
            lab.destroy();
            assertThat(lab.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static String place(HttpServer server) {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private static URI told(BufferedReader said, String target) throws IOException {
        String line = said.readLine();
        Matcher where = Pattern.compile("(https?://127\\.0\\.0\\.1:[0-9]+/) -> " + Pattern.quote(target))
                .matcher(line == null ? "" : line);
        assertThat(where.matches()).as(line).isTrue();
        return URI.create(where.group(1));
    }

    private Process start(String... arguments) throws IOException {
        List<String> typed = new ArrayList<>(List.of("lab"));
        typed.addAll(List.of(arguments));
        ProcessBuilder lab = Typed.process(typed.toArray(String[]::new));
        lab.command().add(1, "-XX:TieredStopAtLevel=1");
        return lab.directory(folder.toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    private static void wrong(String expected, String... more) {
        String[] all = new String[more.length + 1];
        all[0] = "lab";
        System.arraycopy(more, 0, all, 1, more.length);
        Typed typed = Typed.needle(all);
        assertThat(typed.status()).isEqualTo(2);
        assertThat(typed.out()).isEmpty();
        assertThat(typed.err().lines()).hasSize(1);
        assertThat(typed.err()).contains(expected, "needle lab --help");
    }

    @Test
    void wrongArgumentsEndWithTwoAndOneLine() {
        wrong("'--listen'", "--profile", "clear", "--target", "127.0.0.1:1");
        wrong("'--target'", "--profile", "clear", "--listen", "0");
        wrong("--profile=none", "--profile", "none", "--listen", "0", "--target", "127.0.0.1:1");
        wrong("--target=8080", "--listen", "0", "--target", "8080");
        wrong("--listen=70000", "--listen", "70000", "--target", "127.0.0.1:1");
        wrong("--from=nowhere", "--listen", "0", "--target", "127.0.0.1:1", "--from", "nowhere.invalid");
        wrong("--seed", "--listen", "0", "--target", "127.0.0.1:1", "--seed", "x");
    }

    @Test
    void aPortThatIsTakenFailsInOneLine() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.start();
        try {
            String port = Integer.toString(server.getAddress().getPort());
            Typed typed = Typed.needle("lab", "--listen", port, "--target", "127.0.0.1:1");
            assertThat(typed.status()).isEqualTo(1);
            assertThat(typed.err().lines()).hasSize(1);
            assertThat(typed.err()).contains("cannot listen on ").contains(port);
        } finally {
            server.stop(0);
        }
    }
}
