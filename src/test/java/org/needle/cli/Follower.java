package org.needle.cli;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A subscriber by HTTP stream that writes down what it gets. */
public final class Follower implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final List<JsonNode> controls = new CopyOnWriteArrayList<>();
    private final CompletableFuture<HttpResponse<Stream<String>>> response;
    private volatile boolean ended;

    Follower(URI gateway, String topic) {
        URI url = gateway.resolve("/events?transport=stream&position=earliest&topic=" + topic);
        response = HTTP.sendAsync(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofLines());
        response.thenAcceptAsync(answer -> answer.body().forEach(this::take), task -> start(task, topic))
                .whenComplete((done, failure) -> ended = true);
    }

    private static void start(Runnable task, String topic) {
        Thread thread = new Thread(task, "follower of " + topic);
        thread.setDaemon(true);
        thread.start();
    }

    private void take(String line) {
        try {
            JsonNode object = JSON.readTree(line);
            (object.has("control") ? controls : events).add(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for that many events and returns them; more than that are returned too. */
    public List<JsonNode> events(int atLeast) {
        await().atMost(PATIENCE).failFast("the stream ended", () -> ended).until(() -> events.size() >= atLeast);
        return List.copyOf(events);
    }

    /** The data of so many events. */
    public List<String> data(int atLeast) {
        return events(atLeast).stream()
                .map(each -> each.get("data").textValue())
                .toList();
    }

    /** What has come so far. */
    public List<JsonNode> soFar() {
        return List.copyOf(events);
    }

    public List<String> controls() {
        return controls.stream().map(each -> each.get("control").textValue()).toList();
    }

    public boolean hasEnded() {
        return ended;
    }

    @Override
    public void close() {
        response.thenAccept(answer -> answer.body().close());
    }
}
