package org.needle.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.needle.conformance.Ask;
import org.needle.conformance.RunningGateway;
import org.needle.conformance.Subscriber;
import org.needle.edge.Transport;

/** A file, a POST and a JMS message reach curl and npm's ws as they reach everybody else. */
@Tag("clients")
class SameEventAtEveryClient {
    private static final Path SCRIPT = Path.of("target/clients/print-ws.mjs").toAbsolutePath();

    @TempDir
    private Path home;

    /** A program that prints what it receives. */
    private record Printer(Process process, Path output) implements AutoCloseable {
        static Printer start(Path output, String... command) throws IOException {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(output.toFile())
                    .start();
            return new Printer(process, output);
        }

        /** Waits for so many events and returns their ids. */
        List<String> ids(int count, Function<String, List<String>> parser) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> parser.apply(Files.readString(output)).size() >= count);
            try {
                return parser.apply(Files.readString(output));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /** The ids of whole SSE blocks that are no controls. */
    private static List<String> ofSse(String text) {
        List<String> ids = new ArrayList<>();
        for (String block : text.split("\n\n", -1)) {
            boolean whole = block.contains("data: ") && !block.contains("event: needle-");
            block.lines().filter(line -> whole && line.startsWith("id: ")).forEach(line -> ids.add(line.substring(4)));
        }
        return ids;
    }

    private static List<String> ofLines(String text) {
        List<String> ids = new ArrayList<>();
        int end = text.lastIndexOf('\n');
        for (String line : end < 0 ? new String[0] : text.substring(0, end).split("\n")) {
            try {
                JsonNode json = new ObjectMapper().readTree(line);
                if (!json.has("control")) {
                    ids.add(json.path("id").asText());
                }
            } catch (JsonProcessingException e) {
                throw new AssertionError(line, e);
            }
        }
        return ids;
    }

    @Test
    @Timeout(120)
    void reachesCurlAndWsOnceInTheSameOrderWithTheSameId() throws IOException {
        RunningGateway.prepare(home);
        try (RunningGateway gateway = RunningGateway.start(home)) {
            String url = "127.0.0.1:" + gateway.port() + "/events?topic=same&position=earliest";
            Ask ask = Ask.of(gateway.port(), "same").from("earliest");
            try (Printer curl = Printer.start(home.resolve("curl"), "curl", "-sN", "http://" + url);
                    Printer ws = Printer.start(home.resolve("ws"), "node", SCRIPT.toString(), "ws://" + url);
                    Subscriber stream = Subscriber.open(Transport.STREAM, ask)) {
                gateway.drop("same/1.txt", "from a file");
                stream.awaitEvents(1);
                gateway.post("same", "from a POST");
                stream.awaitEvents(2);
                gateway.send("same", "from JMS");
                stream.awaitEvents(3);
                gateway.post("same", "the last"); // whatever came twice would have come before it
                stream.awaitEvents(4);
                assertThat(stream.data()).containsExactly("from a file", "from a POST", "from JMS", "the last");
                assertThat(curl.ids(4, SameEventAtEveryClient::ofSse)).isEqualTo(stream.ids());
                assertThat(ws.ids(4, SameEventAtEveryClient::ofLines)).isEqualTo(stream.ids());
            }
        }
    }
}
