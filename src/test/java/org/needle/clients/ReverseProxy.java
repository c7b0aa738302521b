package org.needle.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.needle.conformance.TestKeys;

/** A reverse proxy by others, run as a child with the recipe of {@code src/docs/proxies} and a folder of its own. */
final class ReverseProxy implements AutoCloseable {
    private static final Path RECIPES = Path.of("src/docs/proxies");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger(10_000 + (int) (ProcessHandle.current().pid() % 20_000));

    private final Path home;
    private final Path log;
    private final int port;
    private final Process process;

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
            String path = find(program).toString();
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
        this.home = home;
        this.log = home.resolve("output.log");
        this.port = freePort();
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
            process = start(kind, recipe);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        await().atMost(PATIENCE).until(() -> answers() || !process.isAlive());
        assertThat(process.isAlive()).as("%s: %s", kind.program, output()).isTrue();
    }

    private Process start(Kind kind, Path recipe) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(kind.command(home, recipe))
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(Map.of("HOME", home.toString(), "XDG_DATA_HOME", home.toString()));
        return builder.start();
    }

    /** Where a program is. */
    static Path find(String program) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(program + " is not installed (.ci/run installs it on Debian)"));
    }

    /** Starts it in front of a gateway's port. */
    static ReverseProxy start(Kind kind, Path home, int gateway) {
        return new ReverseProxy(kind, home, gateway, Map.of());
    }

    /** The same, but it waits for 3 seconds where the recipe says 90. */
    static ReverseProxy startImpatient(Kind kind, Path home, int gateway) {
        return new ReverseProxy(kind, home, gateway, Map.of(" 90", " 3"));
    }

    /** Below those that the kernel gives away itself, and never the same twice. */
    private static int freePort() {
        while (true) {
            int port = NEXT_PORT.getAndIncrement();
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // taken; the next one
            }
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Where it listens, with TLS. */
    int port() {
        return port;
    }

    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it and all its workers. */
    @Override
    public void close() {
        List<ProcessHandle> workers = process.descendants().toList();
        process.destroy();
        process.onExit()
                .orTimeout(10, TimeUnit.SECONDS)
                .exceptionally(late -> process)
                .join();
        process.destroyForcibly();
        workers.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }
}
