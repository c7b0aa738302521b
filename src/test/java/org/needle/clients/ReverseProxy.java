package org.needle.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.needle.cli.Ports;
import org.needle.conformance.TestKeys;

/** A reverse proxy by others, run as a child with the recipe of {@code src/docs/proxies} and a folder of its own. */
final class ReverseProxy implements AutoCloseable {
    private static final Path RECIPES = Path.of("src/docs/proxies");

    private final Program program;

    /** A program and its recipe. */
    enum Kind {
        NGINX("nginx", "nginx.conf"),
        HAPROXY("haproxy", "haproxy.cfg"),
        APACHE("apache2", "apache.conf"),
        CADDY("caddy", "Caddyfile");

        private final String program;
        private final String recipe;

        Kind(String program, String recipe) {
            this.program = program;
            this.recipe = recipe;
        }

        /** Runs it in the foreground. */
        private List<String> command(Path home, Path file) {
            String path = Program.find(program).toString();
            return switch (this) {
                case NGINX ->
                    List.of(
                            path,
                            "-p",
                            home + "/",
                            "-e",
                            home + "/error.log",
                            "-g",
                            "daemon off;",
                            "-c",
                            file.toString());
                case HAPROXY -> List.of(path, "-db", "-f", file.toString());
                case APACHE -> List.of(path, "-D", "FOREGROUND", "-d", home.toString(), "-f", file.toString());
                case CADDY -> List.of(path, "run", "--adapter", "caddyfile", "--config", file.toString());
            };
        }

        /** What is said of ports and paths; the rest of the recipe is used as it is. */
        private Map<String, String> changes(Path home, int gateway, int port) {
            return Map.ofEntries(
                    Map.entry("127.0.0.1:8080", "127.0.0.1:" + gateway),
                    Map.entry("listen 443", "listen 127.0.0.1:" + port),
                    Map.entry("bind :443", "bind 127.0.0.1:" + port),
                    Map.entry("Listen 443", "Listen 127.0.0.1:" + port),
                    Map.entry("<VirtualHost *:443>", "<VirtualHost *:" + port + ">"),
                    Map.entry("events.example.com {", "https://127.0.0.1:" + port + " {"),
                    Map.entry("/etc/needle/", home + "/"),
                    Map.entry("/var/log/nginx/", home + "/"),
                    Map.entry("/var/log/apache2/", home + "/"),
                    Map.entry("pid /run/", "pid " + home + "/"),
                    Map.entry("PidFile /run/", "PidFile " + home + "/"),
                    Map.entry("DefaultRuntimeDir /run", "DefaultRuntimeDir " + home),
                    Map.entry(
                            "\nhttp {",
                            "\nhttp {\n"
                                    + Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
                                            .map(what -> what + "_temp_path " + home + "/" + what + ";\n")
                                            .reduce("", String::concat)));
        }
    }

    private ReverseProxy(Kind kind, Path home, int gateway, Map<String, String> changes) {
        int port = Ports.free();
        try {
            new TestKeys(home).writeTo(home);
            Files.move(home.resolve("certificate.pem"), home.resolve("cert.pem"));
            Files.writeString(
                    home.resolve("both.pem"),
                    Files.readString(home.resolve("cert.pem")) + Files.readString(home.resolve("key.pem")));
            String text = Files.readString(RECIPES.resolve(kind.recipe));
            for (Map<String, String> some : List.of(changes, kind.changes(home, gateway, port))) {
                for (Map.Entry<String, String> change : some.entrySet()) {
                    text = text.replace(change.getKey(), change.getValue());
                }
            }
            assertThat(text).as("a port of the recipe is still there").doesNotContainPattern("\\b(8080|443)\\b");
            Path recipe = Files.writeString(home.resolve(kind.recipe), text);
            program = Program.start(home, port, kind.command(home, recipe));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it in front of a gateway's port. */
    static ReverseProxy start(Kind kind, Path home, int gateway) {
        return new ReverseProxy(kind, home, gateway, Map.of());
    }

    /** The same, but it waits for 3 seconds where the recipe says 90. */
    static ReverseProxy startImpatient(Kind kind, Path home, int gateway) {
        return new ReverseProxy(kind, home, gateway, Map.of(" 90", " 3"));
    }

    /** Where it listens, with TLS. */
    int port() {
        return program.port();
    }

    String output() {
        return program.output();
    }

    /** Ends it and all its workers. */
    @Override
    public void close() {
        program.close();
    }
}
