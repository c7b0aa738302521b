package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.needle.client.ScriptedServer.events;
import static org.needle.client.ScriptedServer.eventsAndSilence;
import static org.needle.client.ScriptedServer.status;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.needle.client.ScriptedServer;

/** {@code from: sse:http://...}, with a server that does not keep to the rules, or is not well. */
@Timeout(180)
class ServerThatMisbehaves {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final ScriptedServer.Script WELL = eventsAndSilence("id: 2\ndata: b\n\n");

    private static void isTriedAgainAfter(ScriptedServer.Script bad, String trouble, String... options)
            throws Exception {
        ScriptedServer.Script gate = eventsAndSilence("id: 1\ndata: a\n\n");
        try (ScriptedServer server = new ScriptedServer(bad, bad, gate);
                RemoteStreams streams = RemoteStreams.of(server, options)) {
            assertThat(streams.next().body()).isEqualTo("a");
            assertThat(server.count()).isEqualTo(3);
            assertThat(streams.isQuiet()).isTrue();
        }
        try (ScriptedServer server = new ScriptedServer(bad);
                RemoteStreams streams = RemoteStreams.of(server, options)) {
            await().atMost(LONG).until(() -> streams.health().getState() == HealthCheck.State.DOWN);
            assertThat(streams.health().getMessage()).get().asString().contains(trouble);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"500 Broken", "503 Busy", "404 Not Found", "403 Forbidden", "429 Too Many"})
    void thatRefusesIsTriedAgain(String refusal) throws Exception {
        isTriedAgainAfter(status(refusal), "answered: http://127.0.0.1:");
        isTriedAgainAfter(status(refusal), "/stream answered " + refusal.substring(0, 3));
    }

    @Test
    void thatAnswersSomethingElseIsTriedAgain() throws Exception {
        isTriedAgainAfter(
                status("200 OK", "Content-Type: text/html"), "200 with text/html instead of text/event-stream");
    }

    @Test
    void thatNeverAnswersIsTriedAgain() throws Exception {
        isTriedAgainAfter((request, talk) -> talk.stall(), "timeout: ", "responseTimeout=300ms");
    }

    @Test
    void thatHangsUpIsTriedAgain() throws Exception {
        isTriedAgainAfter((request, talk) -> talk.reset(), "cut: ");
    }

    @Test
    void thatSpeaksNoHttpIsTriedAgain() throws Exception {
        isTriedAgainAfter((request, talk) -> talk.say("SSH-2.0-OpenSSH_9.2\r\n"), "cut: ");
    }

    @Test
    void thatEndsWithoutAnEventIsTriedAgainMoreAndMoreSlowly() throws Exception {
        isTriedAgainAfter(events(": hello\n"), "ended without an event");
    }

    @Test
    void thatSendsALineWithoutEndIsLeft() throws Exception {
        isTriedAgainAfter(
                (request, talk) -> {
                    talk.stream();
                    byte[] piece = "x".repeat(10_000).getBytes(StandardCharsets.UTF_8);
                    while (true) {
                        talk.say(piece);
                    }
                },
                "line-too-long: a line has more than 1088 bytes",
                "maxEvent=1k");
    }

    @Test
    void thatSendsAnEventWithoutEndIsLeft() throws Exception {
        isTriedAgainAfter(
                (request, talk) -> {
                    talk.stream();
                    while (true) {
                        talk.say("data: x\n");
                    }
                },
                "event-too-large: the data of an event has more than 1024 bytes",
                "maxEvent=1k");
    }

    @Test
    void thatStallsIsLeftAndAskedBehindTheLastEvent() throws Exception {
        try (ScriptedServer server = new ScriptedServer(eventsAndSilence("id: 1\ndata: a\n\nid: 2\nda"), WELL);
                RemoteStreams streams = RemoteStreams.of(server, "readTimeout=500ms")) {
            assertThat(streams.bodies(2)).containsExactly("a", "b");
            server.next();
            assertThat(server.next().header("last-event-id")).isEqualTo("1");
        }
    }

    @Test
    void thatSendsOnlyCommentsIsAlive() throws Exception {
        try (ScriptedServer server = new ScriptedServer((request, talk) -> {
                    talk.stream();
                    for (int i = 0; i < 30; i++) {
                        talk.say(":\n");
                        pause(100);
                    }
                    talk.say("data: a\n\n").stall();
                });
                RemoteStreams streams = RemoteStreams.of(server, "readTimeout=2s")) {
            assertThat(streams.next().body()).isEqualTo("a");
            assertThat(server.count()).isEqualTo(1);
        }
    }

    private static void pause(int millis) {
        try {
            new java.util.concurrent.CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void thatTricklesByteByByteIsUnderstood() throws Exception {
        byte[] text = "\ufeffid: 1\r\nevent: \u00e9\r\ndata: \uD83D\uDE00\r\n\r\nid: 2\rdata: b\r\r"
                .getBytes(StandardCharsets.UTF_8);
        try (ScriptedServer server = new ScriptedServer((request, talk) -> {
                    talk.stream();
                    for (byte one : text) {
                        talk.say(new byte[] {one});
                        pause(2);
                    }
                    talk.stall();
                });
                RemoteStreams streams = RemoteStreams.of(server)) {
            RemoteStreams.Seen first = streams.next();
            assertThat(first.body()).isEqualTo("\uD83D\uDE00");
            assertThat(first.headers()).containsEntry("CamelSseEventName", "\u00e9");
            assertThat(streams.next().id()).isEqualTo("2");
        }
    }

    @Test
    void thatEndsAfterEachEventLosesNothing() throws Exception {
        ScriptedServer.Script one = (request, talk) -> {
            String last = request.header("last-event-id");
            int next = last.isEmpty() ? 1 : Integer.parseInt(last) + 1;
            talk.stream().say("retry: 1\nid: " + next + "\ndata: n" + next + "\n\n");
        };
        try (ScriptedServer server = new ScriptedServer(one);
                RemoteStreams streams = RemoteStreams.of(server)) {
            for (int i = 1; i <= 20; i++) {
                assertThat(streams.next().body()).isEqualTo("n" + i);
            }
        }
    }

    @Test
    void thatComesBackIsFoundAgain() throws Exception {
        ScriptedServer server = new ScriptedServer(eventsAndSilence("id: 1\ndata: a\n\n"));
        try (RemoteStreams streams = RemoteStreams.of(server)) {
            streams.next();
            server.close();
            await().atMost(LONG).until(() -> streams.health().getState() == HealthCheck.State.DOWN);
            try (ScriptedServer back = ScriptedServer.on(server.port(), WELL)) {
                assertThat(streams.next().body()).isEqualTo("b");
                assertThat(back.next().header("last-event-id")).isEqualTo("1");
                await().atMost(LONG).until(() -> streams.health().getState() == HealthCheck.State.UP);
            }
        } finally {
            server.close();
        }
    }

    @Test
    void thatIsBusySaysForHowLong() throws Exception {
        try (ScriptedServer server = new ScriptedServer(status("503 Busy", "Retry-After: 1"), WELL);
                RemoteStreams streams = RemoteStreams.of(server)) {
            long start = System.nanoTime();
            streams.next();
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThanOrEqualTo(900);
        }
    }

    // ---- redirects ----

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void thatRedirectsIsFollowed(int code) throws Exception {
        try (ScriptedServer server = new ScriptedServer(status(code + " There", "Location: /there?x=1"), WELL);
                RemoteStreams streams = RemoteStreams.of(server, "header.Authorization=Bearer")) {
            streams.next();
            server.next();
            ScriptedServer.Request second = server.next();
            assertThat(second.line()).startsWith("GET /there?x=1 ");
            assertThat(second.header("authorization")).isEqualTo("Bearer");
        }
    }

    @Test
    void thatRedirectsElsewhereLearnsNothingForThere() throws Exception {
        try (ScriptedServer other = new ScriptedServer(WELL);
                ScriptedServer server = new ScriptedServer(status("302 There", "Location: " + other.url("/there")));
                RemoteStreams streams = RemoteStreams.of(server, "header.Authorization=Bearer", "header.X-Api-Key=k")) {
            streams.next();
            assertThat(server.next().headers()).containsKeys("authorization", "x-api-key");
            assertThat(other.next().headers()).doesNotContainKeys("authorization", "x-api-key");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://127.0.0.1/x", "file:///etc/passwd", "http://u:p@127.0.0.1/x", "://", ""})
    void thatRedirectsToNowhereIsTriedAgain(String location) throws Exception {
        isTriedAgainAfter(status("302 There", "Location: " + location), "a redirect to where we do not go");
    }

    @Test
    void thatRedirectsForEverIsTriedAgainFromTheStart() throws Exception {
        try (ScriptedServer server = new ScriptedServer(status("302 Round", "Location: /stream"));
                RemoteStreams streams = RemoteStreams.of(server, "reconnectDelay=20s", "maxReconnectDelay=20s")) {
            await().atMost(LONG).until(() -> streams.health().getState() == HealthCheck.State.DOWN);
            assertThat(streams.health().getMessage()).get().asString().contains("more than 5 redirects");
            assertThat(server.count()).isEqualTo(6);
        }
    }
}
