package org.needle.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.needle.cli.Follower;
import org.needle.cli.RunningGateway;

/** The route {@code http-ingest}. */
class IngestOverHttp {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = RunningGateway.in(folder).with("ingest.max-body", "2000000").start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String id(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        return JSON.readTree(answer.body()).get("id").textValue();
    }

    private static String problem(HttpResponse<String> answer, int status) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        return JSON.readTree(answer.body()).get("title").textValue();
    }

    @Test
    void theAnswerIsTheIdThatSubscribersSee() throws Exception {
        String id = id(gateway.post("/ingest/orders/eu?event=created", "{\"n\":1}"));
        try (Follower follower = gateway.follow("orders/eu")) {
            JsonNode event = follower.events(1).get(0);
            assertThat(event.get("id").textValue()).isEqualTo(id);
            assertThat(event.get("topic").textValue()).isEqualTo("orders/eu");
            assertThat(event.get("event").textValue()).isEqualTo("created");
            assertThat(event.get("data").textValue()).isEqualTo("{\"n\":1}");
        }
    }

    @Test
    void manyPostsKeepTheirOrder() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            ids.add(id(gateway.post("/ingest/many", Integer.toString(i))));
        }
        try (Follower follower = gateway.follow("many")) {
            List<JsonNode> events = follower.events(200);
            assertThat(events).extracting(each -> each.get("id").textValue()).isEqualTo(ids);
            assertThat(events)
                    .extracting(each -> each.get("data").textValue())
                    .isEqualTo(
                            IntStream.range(0, 200).mapToObj(Integer::toString).toList());
        }
    }

    @Test
    void aRepeatedIdempotencyKeyPublishesNothingAndAnswersTheFirstId() throws Exception {
        String first = id(gateway.post("/ingest/twice", "a", "Idempotency-Key", "k+1"));
        String second = id(gateway.post("/ingest/twice", "b", "Idempotency-Key", "k+1"));
        String other = id(gateway.post("/ingest/twice", "c", "Idempotency-Key", "k 1"));
        assertThat(second).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
        try (Follower follower = gateway.follow("twice")) {
            assertThat(follower.data(2)).containsExactly("a", "c");
        }
    }

    @Test
    void everyBodyArrivesAsItWasSent() throws Exception {
        byte[] binary = {0, (byte) 0xff, '\r', '\n'};
        id(gateway.post("/ingest/bodies", "no form", "Content-Type", "application/x-www-form-urlencoded"));
        id(gateway.post("/ingest/bodies", ""));
        id(gateway.post("/ingest/bodies", "\r\n\0\u2028 \ud83e\udea1"));
        id(gateway.post("/ingest/bodies", binary));
        id(gateway.post("/ingest/bodies/large", "x".repeat(1 << 20)));
        try (Follower follower = gateway.follow("bodies");
                Follower large = gateway.follow("bodies/large")) {
            List<JsonNode> events = follower.events(4);
            assertThat(events.stream().limit(3).map(each -> each.get("data").textValue()))
                    .containsExactly("no form", "", "\r\n\0\u2028 \ud83e\udea1");
            assertThat(events.get(3).get("encoding").textValue()).isEqualTo("base64");
            assertThat(Base64.getDecoder().decode(events.get(3).get("data").textValue()))
                    .isEqualTo(binary);
            assertThat(large.data(1).get(0)).isEqualTo("x".repeat(1 << 20));
        }
    }

    @Test
    void anEventNameMayHoldWhatAQueryCanEscape() throws Exception {
        id(gateway.post("/ingest/named?x=1&event=a,b%26%3D%C3%A9+c&y=2", ""));
        id(gateway.post("/ingest/named?xevent=no", ""));
        try (Follower follower = gateway.follow("named")) {
            List<JsonNode> events = follower.events(2);
            assertThat(events.get(0).get("event").textValue()).isEqualTo("a,b&=é c");
            assertThat(events.get(1).has("event")).isFalse();
        }
    }

    @Test
    void anEscapedTopicIsTheTopic() throws Exception {
        id(gateway.post("/ingest/a%2Fb%3Ac", "x"));
        try (Follower follower = gateway.follow("a/b:c")) {
            assertThat(follower.data(1)).containsExactly("x");
        }
    }

    @Test
    void aTopicMayHoldTheNumberOfThePort() throws Exception {
        String topic = "a:" + gateway.ingest().getPort() + "/b";
        id(gateway.post("/ingest/" + topic, "x"));
        try (Follower follower = gateway.follow(topic)) {
            assertThat(follower.data(1)).containsExactly("x");
        }
    }

    @Test
    void whatIsNoTopicIsRefusedInWords() throws Exception {
        assertThat(problem(gateway.post("/ingest/a%22b", "x"), 400)).contains("a topic is made of letters");
        assertThat(problem(gateway.post("/ingest/", "x"), 400)).contains("a topic has 1 to 255 characters");
        assertThat(problem(gateway.post("/ingest", "x"), 400)).contains("a topic");
        assertThat(problem(gateway.post("/ingest/a//b", "x"), 400)).contains("no empty level");
        assertThat(problem(gateway.post("/ingest/" + "a".repeat(256), "x"), 400))
                .contains("255");
        assertThat(problem(gateway.post("/ingest/**", "x"), 400)).contains("a topic is made of");
        assertThat(problem(gateway.post("/ingestion/a", "x"), 400)).contains("a topic");
    }

    @Test
    void whatIsNoEventNameOrKeyIsRefusedInWords() throws Exception {
        assertThat(problem(gateway.post("/ingest/a?event=a%0Ab", "x"), 400)).contains("an event name has");
        assertThat(problem(gateway.post("/ingest/a", "x", "Idempotency-Key", "k".repeat(256)), 400))
                .contains("idempotency key");
    }

    @Test
    void aBodyBeyondTheLimitIsRefused() throws Exception {
        assertThat(gateway.post("/ingest/a", new byte[2_000_000]).statusCode()).isEqualTo(202);
        assertThat(gateway.post("/ingest/a", new byte[2_000_001]).statusCode()).isEqualTo(413);
    }

    @Test
    void thePortMayBeThatOfAnotherProperty(@TempDir Path own) throws Exception {
        RunningGateway.Plan plan =
                RunningGateway.in(own).with("ingest.port", "{{the.port}}").with("the.port", "-1");
        try (RunningGateway other = plan.start()) {
            assertThat(other.post("/ingest/a", "x").statusCode()).isEqualTo(202);
        }
    }

    @Test
    void onlyPostIsTaken() throws Exception {
        HttpRequest get =
                HttpRequest.newBuilder(gateway.ingest().resolve("/ingest/a")).build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(get, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void noHeaderOfAClientSteersTheRouteOrComesBack() throws Exception {
        HttpResponse<String> answer = gateway.post(
                "/ingest/honest?CamelPushTopic=stolen&camelpusheventname=forged",
                "x",
                "CamelPushTopic",
                "stolen",
                "camelpushidempotencykey",
                "forged",
                "CamelHttpResponseCode",
                "500",
                "CamelPushEventId",
                "forged",
                "org.apache.camel.x",
                "1",
                "X-Mine",
                "1");
        String id = id(answer);
        assertThat(answer.headers().map().keySet()).containsExactlyInAnyOrder("content-length", "content-type");
        try (Follower follower = gateway.follow("honest");
                Follower stolen = gateway.follow("stolen")) {
            JsonNode event = follower.events(1).get(0);
            assertThat(event.get("id").textValue()).isEqualTo(id);
            assertThat(event.has("event")).isFalse();
            assertThat(stolen.soFar()).isEmpty();
        }
    }

    @Test
    void thePublicPortDoesNotIngest() throws Exception {
        URI open = gateway.open().resolve("/ingest/a");
        HttpRequest post = HttpRequest.newBuilder(open)
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(post, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(404);
    }
}
