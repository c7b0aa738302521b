package org.needle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.needle.access.Mint;
import org.needle.client.ExplicitProxy;
import org.needle.conformance.OpenEdge;
import org.needle.hub.Content;

@Timeout(60)
class TailInATerminal {
    @TempDir
    private Path folder;

    private final OpenEdge edge = OpenEdge.start(plan -> plan.port(Ports.free()));

    @AfterEach
    void stop() {
        edge.close();
    }

    private String url() {
        return "http://127.0.0.1:" + edge.port();
    }

    private Typed tail(String... more) {
        List<String> arguments = new ArrayList<>(List.of("tail", url()));
        arguments.addAll(List.of(more));
        return Typed.needle(arguments.toArray(String[]::new));
    }

    @Test
    void printsTheDataOfEachEventAndTellsTheRestBeside() {
        edge.publish("a/b", "one");
        edge.publish("a/c", "two\nlines");
        Typed typed = tail("--topic", "a/*", "--position", "earliest", "--count", "2");
        assertThat(typed.status()).as(typed.err()).isZero();
        assertThat(typed.out().lines()).containsExactly("one", "two", "lines");
        assertThat(typed.err()).startsWith("transport: ");
    }

    @Test
    void printsJsonOnAnyTransport() throws IOException {
        String first = edge.publish("a", new Content("named", "x\"y".getBytes(StandardCharsets.UTF_8), true));
        edge.publish("a", new Content(null, new byte[] {0, -1}, false));
        for (String transport : List.of("sse", "websocket", "stream", "cycle", "poll", "short-poll")) {
            Typed typed = tail("--position=earliest", "--count=2", "--json", "--transport=" + transport);
            assertThat(typed.status()).as(typed.err()).isZero();
            List<String> lines = typed.out().lines().toList();
            assertThat(lines).hasSize(2);
            JsonNode event = new ObjectMapper().readTree(lines.get(0));
            assertThat(event.get("id").textValue()).isEqualTo(first);
            assertThat(event.get("topic").textValue()).isEqualTo("a");
            assertThat(event.get("event").textValue()).isEqualTo("named");
            assertThat(event.get("data").textValue()).isEqualTo("x\"y");
            JsonNode binary = new ObjectMapper().readTree(lines.get(1));
            assertThat(binary.get("encoding").textValue()).isEqualTo("base64");
            assertThat(binary.get("data").textValue()).isEqualTo("AP8=");
        }
    }

    @Test
    void resumesBehindAPosition() {
        String first = edge.publish("a", "one");
        edge.publish("a", "two");
        assertThat(tail("--topic=a", "--position=" + first, "--count=1").out().lines())
                .containsExactly("two");
    }

    @Test
    void saysWhatIsGone() {
        edge.publish("a", "one");
        Typed typed = tail("--topic=a", "--position=another-1", "--count=1");
        assertThat(typed.out().lines()).containsExactly("one");
        assertThat(typed.err()).contains("gap: ").contains("(epoch)");
    }

    @Test
    void goesThroughAProxyWithItsCredentialsAndSaysSoWithout() {
        edge.publish("a", "one");
        try (ExplicitProxy proxy = new ExplicitProxy("me:secret")) {
            String place = "127.0.0.1:" + proxy.port();
            Typed typed = tail("--position=earliest", "--count=1", "--proxy=http://me:secret@" + place);
            assertThat(typed.status()).as(typed.err()).isZero();
            assertThat(typed.out().lines()).containsExactly("one");
            Typed without = tail("--position=earliest", "--count=1", "--proxy=http://" + place);
            assertThat(without.status()).isEqualTo(1);
            assertThat(without.err()).contains("proxy-auth").contains(place);
            Typed wrong = tail("--count=1", "--proxy=http://me:guess@" + place);
            assertThat(wrong.status()).isEqualTo(1);
            assertThat(wrong.err()).contains("does not take these credentials").doesNotContain("guess");
        }
    }

    @Test
    void wrongArgumentsEndWithTwo() {
        for (String wrong : List.of(
                "--topic=a b",
                "--transport=pigeon",
                "--position=a b",
                "--count=0",
                "--proxy=nonsense",
                "--ca=nowhere")) {
            Typed typed = tail(wrong);
            assertThat(typed.status()).as(wrong).isEqualTo(2);
            assertThat(typed.err().lines()).as(wrong).hasSize(1);
        }
        assertThat(Typed.needle("tail", "ftp://x").status()).isEqualTo(2);
        assertThat(Typed.needle("tail", "http://me:secret@x").err()).doesNotContain("secret");
        assertThat(Typed.needle("tail", "--help").out()).contains("NEEDLE_TOKEN", "--position");
    }

    @Test
    void whoIsNotLetInReadsWhatToLookAt() throws Exception {
        Mint mint = new Mint();
        try (OpenEdge guarded = OpenEdge.start(plan -> plan.guardedBy(mint.access()))) {
            String guardedUrl = "http://127.0.0.1:" + guarded.port();
            for (String transport : List.of("sse", "websocket", "poll")) {
                Typed typed = Typed.needle("tail", guardedUrl, "--transport=" + transport);
                assertThat(typed.status()).isEqualTo(1);
                assertThat(typed.err()).contains("answered 401", "(NEEDLE_TOKEN)");
            }
            Path line = Files.writeString(folder.resolve("line"), "x");
            assertThat(Typed.needle("publish", guardedUrl, "--topic=a", line.toString())
                            .err())
                    .contains("answered 401", "(NEEDLE_TOKEN)");
            ProcessBuilder other = Typed.process("tail", guardedUrl, "--topic=theirs");
            other.environment().put("NEEDLE_TOKEN", mint.token("me", "mine"));
            Process process = other.start();
            assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("answered 403: the token does not grant this topic (NEEDLE_TOKEN, --topic)");
            assertThat(process.waitFor()).isEqualTo(1);
        }
    }

    /** As a process of its own, which is stopped and continued, and whose gateway goes away and comes back. */
    @Test
    void survivesARestartAndASleep() throws Exception {
        Path out = folder.resolve("out");
        Process process = Typed.process("tail", url(), "--topic=a", "--position=earliest")
                .redirectOutput(out.toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        try {
            edge.publish("a", "one");
            awaitLines(out, "one");
            edge.close();
            try (OpenEdge again = edge.restart()) {
                again.publish("a", "two");
                awaitLines(out, "one", "two");
                signal(process, "STOP");
                again.publish("a", "three");
                signal(process, "CONT");
                awaitLines(out, "one", "two", "three");
            }
            process.destroy();
            assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(folder.resolve("err"))).doesNotContain("Exception", "verdict:");
        } finally {
            process.destroyForcibly();
        }
    }

    private static void signal(Process process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void awaitLines(Path file, String... lines) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(lines(file)).containsExactly(lines));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
