package org.needle.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.needle.cli.Ports;
import org.needle.conformance.OpenEdge;

/** A real program between clients and a gateway, set up the way that hurts. Its folder is a temporary one of its own. */
final class Middlebox implements AutoCloseable {
    private static final Path SETUPS = Path.of("src/test/resources/middleboxes");

    private final Kind kind;
    private final OpenEdge edge;
    private final Program program;

    /** A program and what is done with it. */
    enum Kind {
        NGINX_DEFAULT("nginx", "nginx-default.conf"),
        NGINX_BUFFERING("nginx", "nginx-buffering.conf"),
        HAPROXY_WAIT("haproxy", "haproxy-wait.cfg"),
        HAPROXY_DROP("haproxy", "haproxy-drop.cfg"),
        HAPROXY_SHORT("haproxy", "haproxy-short.cfg"),
        /** An explicit proxy: {@code http://user:secret@127.0.0.1:PORT}, in front of the gateway's TLS port. */
        SQUID("squid", "squid.conf"),
        /** Intercepts TLS with its own certificate and holds each body, as it does by default. */
        MITMPROXY("mitmdump", "");

        private final String program;
        private final String setup;

        Kind(String program, String setup) {
            this.program = program;
            this.setup = setup;
        }

        private List<String> command(Path home, int port, OpenEdge edge) {
            String path = Program.find(program).toString();
            String file = home.resolve(setup).toString();
            return switch (program) {
                case "nginx" -> List.of(path, "-p", home + "/", "-e", home + "/error.log", "-c", file);
                case "haproxy" -> List.of(path, "-db", "-f", file);
                case "squid" -> List.of(path, "-N", "-f", file);
                default ->
                    List.of(
                            path,
                            "--quiet",
                            "--set",
                            "confdir=" + home,
                            "--set",
                            "ssl_insecure=true",
                            "--listen-host",
                            "127.0.0.1",
                            "--listen-port",
                            Integer.toString(port),
                            "--mode",
                            "reverse:https://127.0.0.1:" + edge.tlsPort() + "/");
            };
        }
    }

    private Middlebox(Kind kind, OpenEdge edge) {
        this.kind = kind;
        this.edge = edge;
        int port = Ports.free();
        try {
            Path home = Files.createTempDirectory("needle-middlebox");
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx")); // Squid becomes nobody
            if (!kind.setup.isEmpty()) {
                String text = Files.readString(SETUPS.resolve(kind.setup))
                        .replace("HOME", home.toString())
                        .replace("PORT", Integer.toString(port))
                        .replace("GATEWAY", Integer.toString(edge.port()))
                        .replace("TLS", Integer.toString(edge.tlsPort()));
                Files.writeString(home.resolve(kind.setup), text);
            }
            if (kind == Kind.SQUID) {
                writeWho(home.resolve("who"));
            }
            program = Program.start(home, port, kind.command(home, port, edge));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Knows one name and its password. */
    private static void writeWho(Path file) throws IOException {
        Files.writeString(
                file,
                """
                #!/bin/sh
                while read -r name password; do
                  if [ "$name $password" = "user secret" ]; then echo OK; else echo ERR; fi
                done
                """);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    static Middlebox start(Kind kind, OpenEdge edge) {
        return new Middlebox(kind, edge);
    }

    int port() {
        return program.port();
    }

    /** The origin that clients ask for. */
    String url() {
        return switch (kind) {
            case SQUID -> "https://127.0.0.1:" + edge.tlsPort();
            case MITMPROXY -> "https://127.0.0.1:" + port();
            default -> "http://127.0.0.1:" + port();
        };
    }

    /** The explicit proxy to ask it through, with credentials; nothing if it is none. */
    String proxy() {
        return kind == Kind.SQUID ? "http://user:secret@127.0.0.1:" + port() : "";
    }

    String output() {
        return program.output();
    }

    @Override
    public void close() {
        program.close();
    }
}
