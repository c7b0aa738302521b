package org.needle.cli;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.main.DefaultMainShutdownStrategy;
import org.needle.Secrets;
import org.needle.camel.PushComponent;

/** The gateway as users start it, with the ready routes, in this process: on free ports and in a folder of its own. */
public final class RunningGateway implements AutoCloseable {
    private final Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Gateway gateway;

    private RunningGateway(Path folder, Gateway gateway) {
        this.folder = folder;
        this.gateway = gateway;
    }

    /** What is to be different from the ready configuration. */
    public static Plan in(Path folder) {
        return new Plan(folder);
    }

    public static final class Plan {
        private final Path folder;
        private final Map<String, String> properties = new LinkedHashMap<>();

        private Plan(Path folder) {
            this.folder = folder;
            with("camel.component.push.port", "-1");
            with("camel.component.push.tls-port", "0");
            with("ingest.port", "-1");
            with("camel.management.port", "-1");
            with("clock.period", "0");
            with("camel.component.push.drain-timeout", "500ms");
            with("inbox.settle", "100");
            with("inbox.poll", "50");
            with("inbox.dir", folder.resolve("inbox").toString());
            with("undelivered.dir", folder.resolve("undelivered").toString());
            with("camel.main.routes-include-pattern", "file:" + folder.resolve("routes") + "/*.camel.yaml");
            with("camel.main.routes-reload-directory", folder.resolve("routes").toString());
        }

        public Plan with(String property, String value) {
            properties.put(property, value);
            return this;
        }

        /** Copies the ready routes; those that are there already stay as they are. */
        public Plan routes() throws IOException {
            Files.createDirectories(folder.resolve("routes"));
            for (Path route : readyRoutes()) {
                Path copy = folder.resolve("routes").resolve(route.getFileName());
                if (!Files.exists(copy)) {
                    Files.copy(route, copy);
                }
            }
            return this;
        }

        /** Writes the properties and returns their file. */
        Path file() throws IOException {
            Path file = folder.resolve("test.properties");
            return Files.writeString(
                    file,
                    properties.entrySet().stream()
                            .map(each -> each.getKey() + "=" + each.getValue())
                            .collect(Collectors.joining("\n")));
        }

        public RunningGateway start() throws Exception {
            routes();
            Gateway gateway = new Gateway(file());
            ((DefaultMainShutdownStrategy) gateway.getShutdownStrategy()).disableHangupSupport();
            gateway.start();
            return new RunningGateway(folder, gateway);
        }
    }

    public static List<Path> readyRoutes() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return files.sorted().toList();
        }
    }

    public CamelContext context() {
        return gateway.getCamelContext();
    }

    public Path inbox() {
        return folder.resolve("inbox");
    }

    public Path undelivered() {
        return folder.resolve("undelivered");
    }

    public Path route(String name) {
        return folder.resolve("routes").resolve(name + ".camel.yaml");
    }

    /** Puts a whole file there in one moment, as a careful program does. */
    public Path drop(String name, byte[] content) throws IOException {
        Path file = inbox().resolve(name);
        Files.createDirectories(file.getParent());
        Path hidden = Files.write(file.resolveSibling("." + file.getFileName()), content);
        return Files.move(hidden, file, StandardCopyOption.ATOMIC_MOVE);
    }

    public Path drop(String name, String content) throws IOException {
        return drop(name, content.getBytes(StandardCharsets.UTF_8));
    }

    public String property(String name) {
        return context().resolvePropertyPlaceholders("{{" + name + "}}");
    }

    /** The base URL of the ingest route's port. */
    public URI ingest() {
        return URI.create("http://127.0.0.1:" + property("ingest.port"));
    }

    /** The base URL of the public port. */
    public URI open() {
        return URI.create("http://127.0.0.1:"
                + context().getComponent("push", PushComponent.class).boundPort());
    }

    /** The base URL of the port for operators. */
    public URI management() {
        ManagementHttpServer server = Objects.requireNonNull(context().hasService(ManagementHttpServer.class));
        return URI.create("http://127.0.0.1:" + server.getRouter().getServer().getPort());
    }

    /** A GET of an operator. */
    public HttpResponse<String> observe(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(management().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** @param headers names and values in turn */
    public HttpResponse<String> post(String path, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(ingest().resolve(path)).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** A POST to the public port. */
    public HttpResponse<String> send(String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(open().resolve(path))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Follows a topic from its first event on. */
    public Follower follow(String topic) {
        return new Follower(open(), topic);
    }

    @Override
    public void close() {
        MeterRegistry registry = context().getRegistry().findSingleByType(MeterRegistry.class);
        if (registry != null) {
            registry.getMeters().forEach(meter -> Secrets.said("metric", String.valueOf(meter.getId())));
        }
        gateway.stop();
    }
}
