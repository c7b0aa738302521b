package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.JMSContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.needle.Secrets;

/** The whole product as its users run it: a process of its own with the ready routes, in a folder of its own, on free ports. */
public final class RunningGateway implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path home;
    private final Path log;
    private final Process process;

    private RunningGateway(Path home, List<String> properties) {
        this.home = home;
        try {
            this.log = Files.createTempFile(home, "gateway", ".log");
            this.process = new ProcessBuilder(command(properties))
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        await().atMost(PATIENCE).until(() -> output().contains("Ready after") || !process.isAlive());
        assertThat(process.isAlive()).as(output()).isTrue();
    }

    /** Prepares a folder with the ready routes and the shipped properties. */
    public static Path prepare(Path home) {
        try {
            Files.copy(Path.of("application.properties"), home.resolve("application.properties"));
            Files.createDirectory(home.resolve("routes"));
            try (Stream<Path> routes = Files.list(Path.of("routes"))) {
                for (Path route : routes.toList()) {
                    Files.copy(
                            route,
                            home.resolve("routes").resolve(route.getFileName().toString()));
                }
            }
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param properties {@code key=value}, over the defaults of these tests */
    public static RunningGateway start(Path home, String... properties) {
        return new RunningGateway(home, List.of(properties));
    }

    private List<String> command(List<String> properties) {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes));
        List<String> all = new ArrayList<>(List.of(
                "camel.component.push.port=-1",
                "camel.component.push.tls-port=0",
                "camel.component.push.history-count=100000",
                "camel.component.push.history-bytes=100m",
                "camel.management.port=-1",
                "ingest.port=-1",
                "queue.port=-1",
                "inbox.poll=50",
                "inbox.settle=100",
                "clock.period=0"));
        all.addAll(properties);
        all.forEach(property -> command.add("-D" + property));
        command.add("org.needle.cli.Needle");
        command.add("run");
        return command;
    }

    /** Everything that the process has printed so far. */
    public String output() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int printedPort(String what) {
        Matcher line =
                Pattern.compile("Ready after.*" + what + "://[^/ ]+:([0-9]+)").matcher(output());
        assertThat(line.find()).as("the port of %s in %s", what, output()).isTrue();
        return Integer.parseInt(line.group(1));
    }

    public int port() {
        return printedPort("events http");
    }

    public int tlsPort() {
        return printedPort("events https");
    }

    public int managementPort() {
        return printedPort("health http");
    }

    /** Writes a file into the inbox, in one move. */
    public void drop(String name, String text) {
        try {
            Path file = home.resolve("inbox").resolve(name);
            Files.createDirectories(file.getParent());
            Path part = Files.writeString(Files.createTempFile(home, "drop", ".part"), text);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Posts to the ingest route and returns the answer. */
    public HttpResponse<String> post(String topic, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + printedPort("ingest http") + "/ingest/" + topic))
                .timeout(Subscriber.PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HttpSubscriber.CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends text messages to the queue, from another process as far as the broker knows. */
    public void send(String topic, List<String> texts) {
        try (ActiveMQConnectionFactory factory =
                        new ActiveMQConnectionFactory("tcp://127.0.0.1:" + printedPort("jms tcp"));
                JMSContext context = factory.createContext()) {
            var producer = context.createProducer().setProperty("topic", topic);
            texts.forEach(text -> producer.send(context.createQueue("events"), text));
        }
    }

    public void send(String topic, String text) {
        send(topic, Collections.singletonList(text));
    }

    /** Asks the process to stop, as Ctrl-C or a service manager does; returns at once. */
    public void askToStop() {
        process.destroy();
    }

    /** Waits until the process has ended by itself and returns its exit status. */
    public int awaitEnd() {
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as(output())
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitEnd();
        Secrets.said("output of the gateway", output());
    }
}
