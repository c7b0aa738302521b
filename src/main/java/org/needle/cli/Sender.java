package org.needle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.needle.cli.Needle.Failure;
import org.needle.hub.Topic;

/** Posts events to one topic of a gateway, one after the other, so that their order is kept. One thread. */
final class Sender {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final @Nullable String token;
    private List<URI> targets;

    /** @param url a gateway, or its {@code /ingest} or {@code /events} */
    Sender(URI url, Topic topic, @Nullable String event, @Nullable String token) {
        this.token = token;
        this.targets = targets(url, topic, event);
    }

    /** The port does not say which it is, so both ways are tried, the ingest route first. */
    private static List<URI> targets(URI url, Topic topic, @Nullable String event) {
        String base =
                url.getScheme() + "://" + url.getRawAuthority() + (url.getRawPath() == null ? "" : url.getRawPath());
        base = base.replaceFirst("/+$", "");
        String name = event == null ? "" : "event=" + URLEncoder.encode(event, StandardCharsets.UTF_8);
        String client = "?topic=" + topic.name() + (name.isEmpty() ? "" : "&" + name);
        String ingest = "/" + topic.name() + (name.isEmpty() ? "" : "?" + name);
        if (base.endsWith("/events")) {
            return List.of(URI.create(base + client));
        }
        if (base.endsWith("/ingest")) {
            return List.of(URI.create(base + ingest));
        }
        return List.of(URI.create(base + "/ingest" + ingest), URI.create(base + "/events" + client));
    }

    /** @return the event's id @throws Failure one line that says what the gateway answered, or that it did not */
    String send(byte[] event) throws Failure {
        HttpResponse<byte[]> answer = null;
        for (URI target : targets) {
            answer = post(target, event);
            if (answer.statusCode() != 404) {
                targets = List.of(target);
                break;
            }
        }
        if (answer == null || answer.statusCode() / 100 != 2) {
            throw new Failure(refusal(answer));
        }
        JsonNode id = json(answer).get("id");
        return id == null ? "" : id.asText();
    }

    private HttpResponse<byte[]> post(URI target, byte[] event) throws Failure {
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofByteArray(event));
        if (token != null && !token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (ConnectException e) {
            throw new Failure("nobody listens at " + target.getScheme() + "://" + target.getRawAuthority());
        } catch (IOException e) {
            throw new Failure(target + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted");
        }
    }

    private static String refusal(@Nullable HttpResponse<byte[]> answer) {
        if (answer == null) {
            return "no answer";
        }
        JsonNode title = json(answer).get("title");
        String why = title == null ? "" : ": " + title.asText();
        return answer.uri() + " answered " + answer.statusCode() + why + Reach.remedy(answer.statusCode());
    }

    private static JsonNode json(HttpResponse<byte[]> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return JSON.createObjectNode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
