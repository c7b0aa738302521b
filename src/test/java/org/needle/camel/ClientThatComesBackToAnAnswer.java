package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code https-proxy:NAME}: each answer is a private topic that its client, and nobody else, can resume. */
class ClientThatComesBackToAnAnswer {
    private static final String MINE = "session=my-session-of-16&resume=my-secret-of-16-and-more";

    private Forwarding forwarding;

    @BeforeEach
    void open() throws Exception {
        forwarding = new Forwarding();
    }

    @AfterEach
    void close() {
        forwarding.close();
    }

    private long answers() {
        return meter("needle.forward.answers");
    }

    /** As of the last look at all answers, which comes once a second. */
    private long kept() {
        return meter("needle.forward.bytes");
    }

    private long meter(String name) {
        return forwarding.gateway.push().gateway().edge().meters().stream()
                .filter(meter -> meter.name().equals(name))
                .mapToLong(meter -> meter.value().getAsLong())
                .sum();
    }

    private static String id(Forwarding.Reader answer, String part) throws Exception {
        String id = "";
        for (String line = answer.await(""); !line.contains(part); line = answer.await("")) {
            id = line.startsWith("id: ") ? line.substring(4) : id;
        }
        return id;
    }

    @Test
    void getsTheRestByPositionAndTheUpstreamIsNotAskedAgain() throws Exception {
        forwarding.start("");
        String second;
        try (Forwarding.Reader answer = forwarding.open("up/held?" + MINE)) {
            forwarding.upstream.release(2);
            second = id(answer, "part 2");
        }
        forwarding.upstream.release(10);
        try (Forwarding.Reader answer = forwarding.open("up?" + MINE + "&position=" + second)) {
            answer.await("needle-hello");
            assertThat(answer.await("data: ")).contains("\"recovered\":true");
            assertThat(answer.all("data: "))
                    .startsWith("data: part 3", "data: part 4", "data: part 5")
                    .hasSize(4);
        }
        assertThat(forwarding.upstream.requests).hasSize(1);
    }

    @Test
    void mayDoSoAsAPlainEventSourceAndIsStoppedAtTheEnd() throws Exception {
        forwarding.start("");
        String second;
        try (Forwarding.Reader answer = forwarding.open("up/held", "Accept", "text/event-stream")) {
            forwarding.upstream.release(1);
            second = id(answer, "part 2");
        }
        forwarding.upstream.release(10);
        String last;
        try (Forwarding.Reader answer =
                forwarding.open("up/held", "Accept", "text/event-stream", "Last-Event-ID", second)) {
            answer.await("part 3");
            last = id(answer, "\"reason\":\"end\"");
        }
        assertThat(forwarding
                        .get("up/held", "Accept", "text/event-stream", "Last-Event-ID", last)
                        .statusCode())
                .isEqualTo(204);
        assertThat(forwarding.upstream.requests).hasSize(1);
    }

    @Test
    void mayNotHaveSeenAnythingYetAndComeByAnotherTransport() throws Exception {
        forwarding.start("");
        try (Forwarding.Reader first = forwarding.open("up/held?" + MINE)) {
            assertThat(first.status).isEqualTo(200);
            try (TestGateway.WebSocketClient socket = forwarding.gateway.connect("/proxy/up?" + MINE)) {
                assertThat(socket.await()).contains("hello");
                assertThat(socket.await()).contains("part 1");
                forwarding.upstream.release(10);
                socket.await(x -> {}, "part 5");
                socket.await(x -> {}, "\"reason\":\"end\"");
            }
        }
        String poll = forwarding.get("up?transport=poll&" + MINE).body();
        assertThat(poll).contains("part 1", "part 5");
        assertThat(forwarding.upstream.requests).hasSize(1);
    }

    @Test
    void mayComeBackBeforeTheUpstreamHasAnswered() throws Exception {
        forwarding.start("&responseTimeout=2s");
        HttpRequest request = forwarding.request("up/silent?" + MINE).build();
        var first = forwarding.client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        await().until(() -> !forwarding.upstream.requests.isEmpty());
        var second = forwarding.client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        assertThat(first.get().statusCode()).isEqualTo(504);
        assertThat(second.get().statusCode()).isEqualTo(504);
        assertThat(forwarding.upstream.requests).hasSize(1);
    }

    @Test
    void sendsReceiptsAsEverywhere() throws Exception {
        forwarding.start("");
        try (Forwarding.Reader answer = forwarding.open("up/held?receipts=1&" + MINE)) {
            answer.await("needle-hello");
            String nonce = Forwarding.field(answer.await("data: "), "nonce");
            HttpResponse<String> receipt = forwarding.gateway.send(HttpRequest.newBuilder(
                    forwarding.gateway.http("/receipts?session=my-session-of-16&nonce=" + nonce)));
            assertThat(receipt.statusCode()).isEqualTo(204);
        }
    }

    @Test
    void isTheSameOneOrIsRefused() throws Exception {
        forwarding.start("");
        String first;
        try (Forwarding.Reader answer = forwarding.open("up/held?" + MINE)) {
            first = id(answer, "part 1");
            String stolen = "session=my-session-of-16";
            for (String other : List.of(
                    stolen,
                    stolen + "&resume=another-secret-of-16",
                    stolen + "&position=" + first,
                    stolen + "&transport=poll",
                    stolen + "&transport=stream&resume=x")) {
                assertThat(forwarding.get("up?" + other).statusCode()).as(other).isEqualTo(403);
            }
            int last = first.indexOf('-') - 1;
            String guessed = first.substring(0, last) + (first.charAt(last) == '0' ? '1' : '0') + "-1";
            assertThat(forwarding.get("up?position=" + guessed).statusCode()).isEqualTo(410);
            // of another name
            assertThat(forwarding.get("other?" + MINE).statusCode()).isEqualTo(403);
        }
        assertThat(forwarding.upstream.requests).hasSize(1);
    }

    @Test
    void isTheOnlyOneWhoSeesIt() throws Exception {
        forwarding.start("");
        try (TestGateway.Stream everything = forwarding.gateway.subscribe("topic=**&topic=proxy/up&position=earliest");
                Forwarding.Reader answer = forwarding.open("up/held?" + MINE)) {
            String first = id(answer, "part 1");
            assertThat(forwarding.gateway.kept("proxy/up")).isEmpty();
            assertThat(forwarding.gateway.kept("proxy/*")).isEmpty();
            // its positions mean nothing elsewhere
            String elsewhere = forwarding
                    .gateway
                    .send(HttpRequest.newBuilder(
                            forwarding.gateway.http("/events?topic=**&transport=poll&wait=0&position=" + first)))
                    .body();
            assertThat(elsewhere).contains("\"recovered\":false").doesNotContain("part 1");
            forwarding.gateway.template.sendBody("push:clock", "tick");
            assertThat(everything.awaitEvent()).contains("tick");
            assertThat(forwarding.gateway.push().gateway().hub().totals().topics())
                    .isEqualTo(1);
        }
    }

    @Test
    void comesTooLateWhenTheAnswerIsNotKeptAnyMore() throws Exception {
        forwarding.start("&keep=1s");
        String last;
        try (Forwarding.Reader answer = forwarding.open("up/stream?n=2&" + MINE)) {
            last = id(answer, "part 2");
            answer.await("\"reason\":\"end\"");
        }
        assertThat(answers()).isEqualTo(1);
        await().atMost(Duration.ofSeconds(20)).until(() -> answers() == 0);
        assertThat(forwarding.get("up?" + MINE + "&position=" + last).statusCode())
                .isEqualTo(410);
        assertThat(forwarding.upstream.requests).hasSize(1);
    }

    @Test
    void isGoneForGoodAndTheUpstreamIsLetGo() throws Exception {
        forwarding.start("&cancelAfter=1s");
        try (Forwarding.Reader answer = forwarding.open("up/held?" + MINE)) {
            answer.await("part 1");
        }
        assertThat(forwarding.upstream.awaitReleased(10)).isEqualTo("/held");
        await().until(() -> answers() == 0);
        try (Forwarding.Reader answer = forwarding.open("up/bytes")) {
            assertThat(answer.status).isEqualTo(200);
        }
        assertThat(forwarding.upstream.awaitReleased(10)).isEqualTo("/bytes");
    }

    @Test
    void isToldOfAHoleIfMoreHasComeThanIsKept() throws Exception {
        forwarding.start("&historyBytes=4k&ahead=4k");
        String first;
        try (Forwarding.Reader answer = forwarding.open("up/stream?n=200&" + MINE)) {
            first = id(answer, "part 1");
            answer.await("\"reason\":\"end\"");
        }
        try (Forwarding.Reader answer = forwarding.open("up?" + MINE + "&position=" + first)) {
            answer.await("needle-gap");
            answer.await("part 200");
        }
    }

    /** It may have been on its way when the answer ended; a while later there is no room for it. */
    @Test
    void comesInTimeOnlyToAnAnswerThatHasJustEndedIfTooMuchIsKept() throws Exception {
        forwarding.start("&historyTotal=10k&historyBytes=1m&ahead=10k");
        try (Forwarding.Reader answer = forwarding.open("up/stream?n=300&" + MINE)) {
            answer.await("\"reason\":\"end\"");
        }
        await().pollInterval(Duration.ofMillis(20)).until(() -> kept() > 10_000);
        assertThat(forwarding.get("up?transport=poll&" + MINE).body()).contains("part 1");
        await().atMost(Duration.ofSeconds(20)).until(() -> answers() == 0);
    }

    @Test
    void findsItsAnswerAlthoughTheRouteHasBeenEdited() throws Exception {
        forwarding.start("");
        try (Forwarding.Reader answer = forwarding.open("up/held?" + MINE)) {
            answer.await("part 1");
            var routes = forwarding.gateway.context;
            String id = routes.getRoutes().get(0).getRouteId();
            routes.getRouteController().stopRoute(id);
            forwarding.upstream.release(1);
            assertThat(forwarding.get("up/held").statusCode()).isEqualTo(404);
            routes.getRouteController().startRoute(id);
            answer.await("part 2");
            forwarding.upstream.release(10);
            answer.await("\"reason\":\"end\"");
        }
    }
}
