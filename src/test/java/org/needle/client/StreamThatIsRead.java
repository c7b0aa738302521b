package org.needle.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A body of events, from a server that does all sorts of things. */
@Timeout(180)
class StreamThatIsRead {
    private static final SseParser.Limits LIMITS = new SseParser.Limits(1_000, 3_000);

    /** Takes everything at once and keeps it. */
    private static class Recorder implements SseReader {
        final List<SseEvent> events = new CopyOnWriteArrayList<>();

        @Override
        public CompletionStage<Void> onEvent(SseEvent event) {
            events.add(event);
            return CompletableFuture.completedStage(null);
        }
    }

    private static SseBody open(ScriptedServer server, SseReader reader) throws Exception {
        Dial dial = new Dial(Dial.Settings.DIRECT);
        HttpResponse<SseBody> response = dial.send(
                        dial.request(URI.create(server.url("/"))).build(), head -> new SseBody(LIMITS, "", reader))
                .get(20, TimeUnit.SECONDS);
        return response.body();
    }

    private static Throwable failure(SseBody body) {
        return assertThatThrownBy(() -> body.ended().get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .actual()
                .getCause();
    }

    private static Fault fault(SseBody body) {
        return ((DialException) failure(body)).fault();
    }

    @Test
    void endsWhenTheServerEndsIt() throws Exception {
        Recorder recorder = new Recorder();
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.events("id: 1\ndata: a\n\nid: 2\n\ndata: b"))) {
            SseBody body = open(server, recorder);
            body.ended().get(20, TimeUnit.SECONDS);
            assertThat(recorder.events).containsExactly(new SseEvent("1", "message", "a"));
            assertThat(body.lastEventId()).isEqualTo("2");
        }
    }

    @Test
    void thatIsCutSaysSo() throws Exception {
        Recorder recorder = new Recorder();
        try (ScriptedServer server = new ScriptedServer((request, talk) -> {
            talk.say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 500\r\n\r\n")
                    .say("data: a\n\nda");
            await().until(() -> !recorder.events.isEmpty()); // or the cut may come before there is an answer
        })) {
            assertThat(fault(open(server, recorder))).isEqualTo(Fault.CUT);
            assertThat(recorder.events).hasSize(1);
        }
    }

    @Test
    void withALineTooLongEndsBehindWhatWasWhole() throws Exception {
        Recorder recorder = new Recorder();
        String fits = "data:" + "x".repeat(995);
        try (ScriptedServer server =
                new ScriptedServer(ScriptedServer.eventsAndSilence(fits + "\n\n" + fits + "x\n\ndata: b\n\n"))) {
            assertThat(fault(open(server, recorder))).isEqualTo(Fault.LINE_TOO_LONG);
            assertThat(recorder.events).hasSize(1);
        }
    }

    @Test
    void withAnEventTooLargeEndsBehindWhatWasWhole() throws Exception {
        Recorder recorder = new Recorder();
        String fits = ("data:" + "x".repeat(749) + "\n").repeat(4);
        try (ScriptedServer server =
                new ScriptedServer(ScriptedServer.eventsAndSilence(fits + "\n" + fits + "data\ndata:x\n\n"))) {
            assertThat(fault(open(server, recorder))).isEqualTo(Fault.EVENT_TOO_LARGE);
            assertThat(recorder.events).hasSize(1);
        }
    }

    @Test
    void slowsTheServerDownWhenItsReaderIsSlow() throws Exception {
        AtomicLong said = new AtomicLong();
        BlockingQueue<CompletableFuture<Void>> turns = new LinkedBlockingQueue<>();
        SseReader slow = event -> {
            CompletableFuture<Void> turn = new CompletableFuture<>();
            turns.add(turn);
            return turn;
        };
        byte[] event = ("data:" + "x".repeat(900) + "\n\n").getBytes(StandardCharsets.UTF_8);
        try (ScriptedServer server = new ScriptedServer((request, talk) -> {
            talk.stream();
            while (said.get() < 200_000_000) {
                talk.say(event);
                said.addAndGet(event.length);
            }
        })) {
            SseBody body = open(server, slow);
            turns.take();
            AtomicLong before = new AtomicLong(-1);
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> before.getAndSet(said.get()) == said.get());
            assertThat(said.get())
                    .as("what fits into the buffers of two sockets")
                    .isLessThan(20_000_000);
            assertThat(turns).as("handed over one by one").isEmpty();
            body.cancel();
        }
    }

    @Test
    void goesOnInOrderWhereverItsReaderFinishes() throws Exception {
        List<String> taken = new ArrayList<>();
        // not the common pool, which other tests of this process may keep busy
        ExecutorService thread = Executors.newSingleThreadExecutor();
        SseReader elsewhere = event -> CompletableFuture.runAsync(() -> taken.add(event.data()), thread);
        StringBuilder text = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            text.append("data: ").append(i).append("\n\n");
            expected.add(Integer.toString(i));
        }
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.events(text.toString()))) {
            open(server, elsewhere).ended().get(30, TimeUnit.SECONDS);
            assertThat(taken).isEqualTo(expected);
        } finally {
            thread.shutdown();
        }
    }

    @Test
    void endsWithWhatItsReaderFailsWith() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        SseReader failing = event -> CompletableFuture.failedStage(new IOException("no room"));
        try (ScriptedServer server = new ScriptedServer((request, talk) -> {
            talk.stream().say("data: a\n\ndata: b\n\n").stall();
            gone.complete(null);
        })) {
            assertThat(failure(open(server, failing))).hasMessage("no room");
            gone.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void thatIsCancelledLetsTheServerGo() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        Recorder recorder = new Recorder();
        try (ScriptedServer server = new ScriptedServer((request, talk) -> {
            talk.stream().say("data: a\n\n").stall();
            gone.complete(null);
        })) {
            SseBody body = open(server, recorder);
            await().atMost(Duration.ofSeconds(20)).until(() -> recorder.events.size() == 1);
            body.cancel();
            gone.get(20, TimeUnit.SECONDS);
            assertThat(body.ended()).isCancelled();
        }
    }
}
