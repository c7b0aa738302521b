package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.needle.conformance.Ask;
import org.needle.conformance.Subscriber;
import org.needle.edge.Transport;

/** {@code confirm=any} and {@code confirm=all}: whom a leg waits for, and what counts as an answer. */
class LegThatWaits {
    private static final String ANNE = "anne-anne-anne-anne";
    private static final String BERT = "bert-bert-bert-bert";
    private static final String WINDOW = "10s";

    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new TestGateway();
        gateway.options().setResumeWindow(WINDOW);
        gateway.options().setMaxConfirming("2");
        gateway.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:all").to("push:t?confirm=all&confirmTimeout=18s");
                from("direct:soon").to("push:t?confirm=all&confirmTimeout=300ms");
                from("direct:any").to("push:t?confirm=any&confirmTimeout=18s");
                from("direct:other").to("push:other?confirm=any&confirmTimeout=300ms");
                from("direct:sse").to("sse:t?confirm=any&confirmTimeout=18s");
                from("direct:sse-soon").to("sse:t?confirm=any&confirmTimeout=5s");
                from("direct:ws").to("websocket-jsr356:t?confirm=any&confirmTimeout=18s");
                from("direct:plain").to("push:t");
                from("direct:required").to("sse:t?requireSubscribers=true");
            }
        });
        gateway.start();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private CompletableFuture<Exchange> send(String route, String body) {
        return gateway.template.asyncSend(route, x -> x.getMessage().setBody(body));
    }

    private static Exchange done(CompletableFuture<Exchange> sent) throws Exception {
        return sent.get(20, TimeUnit.SECONDS);
    }

    private static void succeeded(CompletableFuture<Exchange> sent, String... reached) throws Exception {
        Exchange exchange = done(sent);
        assertThat(exchange.getException()).isNull();
        assertThat(list(exchange, PushHeaders.REACHED)).containsExactlyInAnyOrder(reached);
    }

    private static void failed(CompletableFuture<Exchange> sent, String... unreached) throws Exception {
        Exchange exchange = done(sent);
        assertThat(exchange.getException()).isInstanceOf(UnreachedException.class);
        assertThat(((UnreachedException) exchange.getException()).getUnreached())
                .containsExactlyInAnyOrder(unreached);
        assertThat(list(exchange, PushHeaders.UNREACHED)).containsExactlyInAnyOrder(unreached);
    }

    @SuppressWarnings("unchecked")
    private static List<String> list(Exchange exchange, String header) {
        return exchange.getMessage().getHeader(header, List.class);
    }

    private void waits(CompletableFuture<Exchange> sent) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> gateway.push().confirming().waiting() > 0);
        assertThat(sent).isNotDone();
    }

    @Test
    void allGoesOnWhenEverybodyHasConfirmedOnWhateverTransport() throws Exception {
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t");
                Client bert = Client.open(gateway, Transport.WEBSOCKET, BERT, "t", "*");
                Client other = Client.open(gateway, Transport.SSE, "other-other-other", "u")) {
            CompletableFuture<Exchange> sent = send("direct:all", "a");
            anne.confirm(1);
            waits(sent);
            bert.confirm(1);
            succeeded(sent, ANNE, BERT);
            assertThat(list(done(sent), PushHeaders.UNREACHED)).isEmpty();
            assertThat(other.soFar()).isEmpty();
        }
    }

    @Test
    void allFailsWithExactlyThoseWhoHaveNot() throws Exception {
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t");
                Client bert = Client.open(gateway, Transport.STREAM, BERT, "t")) {
            CompletableFuture<Exchange> sent = send("direct:all", "a");
            bert.confirm(1);
            anne.data(1);
            CompletableFuture<Exchange> second = send("direct:soon", "b");
            failed(second, ANNE, BERT);
            bert.confirm(2);
            failed(send("direct:soon", "c"), ANNE, BERT);
            anne.confirm(1);
            succeeded(sent, ANNE, BERT);
        }
    }

    @Test
    void aReceiptForALaterEventCoversTheOnesBefore() throws Exception {
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t")) {
            CompletableFuture<Exchange> first = send("direct:all", "a");
            CompletableFuture<Exchange> second = send("direct:all", "b");
            anne.confirm(2);
            succeeded(first, ANNE);
            succeeded(second, ANNE);
        }
    }

    @Test
    void aReceiptForMoreThanWasSentCoversNoMoreThanThat() throws Exception {
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t")) {
            String position = anne.hello().path("position").asText();
            String epoch = position.substring(0, position.indexOf('-'));
            gateway.post(
                    "/receipts",
                    "{\"session\":\"" + ANNE + "\",\"nonce\":\""
                            + anne.hello().path("nonce").asText() + "\",\"position\":\"" + epoch + "-zzzz\"}");
            failed(send("direct:soon", "a"), ANNE);
        }
    }

    @Test
    void anyGoesOnWithTheFirstOnItsTransport() throws Exception {
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t");
                Client bert = Client.open(gateway, Transport.WEBSOCKET, BERT, "t")) {
            CompletableFuture<Exchange> sent = send("direct:sse", "a");
            bert.confirm(1);
            waits(sent);
            anne.confirm(1);
            succeeded(sent, ANNE, BERT);
            CompletableFuture<Exchange> second = send("direct:ws", "b");
            bert.confirm(2);
            succeeded(second, BERT);
            assertThat(list(done(second), PushHeaders.UNREACHED)).isEqualTo(List.of(ANNE));
            CompletableFuture<Exchange> third = send("direct:any", "c");
            anne.confirm(3);
            succeeded(third, ANNE);
        }
    }

    @Test
    void withoutAnybodyAllSucceedsAndAnyWaits() throws Exception {
        succeeded(send("direct:all", "a"));
        failed(send("direct:sse-soon", "b"));
    }

    @Test
    void whoSubscribesAfterTheEventIsNotWaitedFor() throws Exception {
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t")) {
            CompletableFuture<Exchange> sent = send("direct:all", "a");
            anne.data(1);
            try (Client bert = Client.open(gateway, Transport.SSE, BERT, "t")) {
                anne.confirm(1);
                succeeded(sent, ANNE);
                assertThat(bert.soFar()).isEmpty();
            }
        }
    }

    @Test
    void requireSubscribersFailsAtOnceAndPublishesAllTheSame() throws Exception {
        failed(send("direct:required", "a"));
        try (Client anne = Client.open(gateway, Transport.WEBSOCKET, ANNE, "t")) {
            failed(send("direct:required", "b"), ANNE);
            assertThat(anne.data(1)).containsExactly("b");
            try (Client bert = Client.open(gateway, Transport.SSE, BERT, "t")) {
                assertThat(done(send("direct:required", "c")).getException()).isNull();
                assertThat(bert.data(1)).containsExactly("c");
            }
        }
        assertThat(gateway.keptData("t")).containsExactly("a", "b", "c");
    }

    @Test
    void whoComesBackWithALaterPositionHasConfirmed() throws Exception {
        Client anne = Client.open(gateway, Transport.SSE, ANNE, "t");
        CompletableFuture<Exchange> sent = send("direct:all", "a");
        anne.data(1);
        anne.close();
        waits(sent);
        try (Client back = anne.back(Transport.SSE)) {
            succeeded(sent, ANNE);
            assertThat(back.soFar()).isEmpty();
        }
    }

    @Test
    void whoChangesTransportConfirmsOnTheOneThatBroughtIt() throws Exception {
        Client anne = Client.open(gateway, Transport.SSE, ANNE, "t");
        anne.close();
        CompletableFuture<Exchange> all = send("direct:all", "a");
        CompletableFuture<Exchange> sse = send("direct:sse-soon", "b");
        try (Client back = anne.back(Transport.WEBSOCKET)) {
            back.confirm(2);
            succeeded(all, ANNE);
            failed(sse);
        }
    }

    @Test
    void whoPollsOnHasConfirmedTheAnswerBefore() throws Exception {
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t")) {
            String poll = "/events?topic=t&transport=poll&wait=0&session=" + ANNE + "&resume="
                    + anne.hello().path("resume").asText();
            CompletableFuture<Exchange> sent = send("direct:all", "a");
            anne.data(1);
            String position = gateway.send(anne.request(poll).GET())
                    .headers()
                    .firstValue("Needle-Position")
                    .orElseThrow();
            waits(sent);
            gateway.send(anne.request(poll + "&position=" + position).GET());
            succeeded(sent, ANNE);
        }
    }

    /** As EventSource does: nothing but Last-Event-ID says who it was. */
    private TestGateway.Stream eventSource(String... headers) throws Exception {
        return eventSource(gateway.http("/events?topic=t"), headers);
    }

    private TestGateway.Stream eventSource(URI uri, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Accept", "text/event-stream")
                .header("Cache-Control", "no-cache");
        if (headers.length > 0) {
            request.headers(headers);
        }
        return new TestGateway.Stream(gateway.client
                .send(request.build(), HttpResponse.BodyHandlers.ofLines())
                .body());
    }

    private static String session(TestGateway.Stream stream) throws Exception {
        return stream.awaitLine(line -> line.contains("\"control\":\"hello\""))
                .replaceFirst(".*\"session\":\"([^\"]*)\".*", "$1");
    }

    @Test
    void aPlainClientIsKnownAgainByItsPosition() throws Exception {
        String browser = "Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0";
        TestGateway.Stream plain = eventSource("User-Agent", browser);
        String id = session(plain);
        CompletableFuture<Exchange> sent = send("direct:all", "a");
        plain.awaitLine(line -> line.equals("data: a"));
        waits(sent);
        plain.close();
        await().atMost(Duration.ofSeconds(10)).until(() -> gateway.push().gateway().edge().meters().stream()
                .filter(meter -> meter.name().equals("needle.subscribers"))
                .allMatch(meter -> meter.value().getAsLong() == 0));
        String position = gateway.kept("t").get(0).replaceFirst(".*\"id\":\"([^\"]*)\".*", "$1");
        failed(send("direct:soon", "b"), id);
        try (TestGateway.Stream back = eventSource("User-Agent", browser, "Last-Event-ID", position)) {
            assertThat(session(back)).isEqualTo(id);
            succeeded(sent, id);
            back.awaitLine(line -> line.equals("data: b"));
            failed(send("direct:soon", "c"), id);
        }
    }

    /** A pong comes from the client itself, whatever library it has. */
    @Test
    void aPlainWebSocketConfirmsByItsPongs() throws Exception {
        try (TestGateway.WebSocketClient plain = gateway.connect("/events?topic=t")) {
            String id = plain.await().replaceFirst(".*\"session\":\"([^\"]*)\".*", "$1");
            succeeded(send("direct:all", "a"), id);
            succeeded(send("direct:ws", "b"), id);
            plain.await(skipped -> {}, "\"data\":\"b\"");
        }
    }

    /** On a network where receipts of a client that looks the same came at once, what its socket took has arrived. */
    @Test
    void aPlainClientOnAClearPathConfirmsByWhatItsSocketTook() throws Exception {
        try (TestGateway.Stream plain = eventSource()) {
            String id = session(plain);
            failed(send("direct:soon", "a"), id);
            TestGateway.Stream library = eventSource(gateway.http("/events?topic=u&receipts=1"));
            String hello = library.awaitLine(line -> line.contains("\"control\":\"hello\""));
            assertThat(gateway.post("/receipts", hello.substring("data: ".length()))
                            .statusCode())
                    .isEqualTo(204);
            succeeded(send("direct:all", "b"), id);
            library.close();
        }
    }

    /** The session is forgotten after its resume window: nobody will confirm for it. */
    @Test
    void whoStaysAwayIsUnreachedBeforeTheTimeIsOver() throws Exception {
        Client anne = Client.open(gateway, Transport.SSE, ANNE, "t");
        CompletableFuture<Exchange> sent = send("direct:all", "a");
        anne.data(1);
        anne.close();
        failed(sent, ANNE);
        succeeded(send("direct:all", "b"));
    }

    /** It is told of the gap, and what lies in the gap it does not have, whatever it confirms afterwards. */
    @Test
    void whoNeverHadItsHelloAndComesBackAsSomebodyElseIsNotWaitedForLong() throws Exception {
        gateway.close();
        gateway = new TestGateway();
        gateway.options().setResumeWindow("5m");
        gateway.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:soon").to("push:t?confirm=all&confirmTimeout=300ms");
            }
        });
        gateway.start();
        Ask ask = Ask.of(gateway.push().boundPort(), "t").with("session=" + ANNE, "receipts=1");
        try (Subscriber anne = Subscriber.open(Transport.SSE, ask)) {
            assertThat(anne.hello()).isNotNull(); // but a box holds all that is for her
        }
        try (Client bert = Client.open(gateway, Transport.SSE, BERT, "t")) {
            failed(send("direct:soon", "a"), ANNE, BERT);
            bert.confirm(1);
        }
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> failed(send("direct:soon", "b"), BERT));
    }

    @Test
    void whoMissedTheEventHasNotConfirmedIt() throws Exception {
        Client anne = Client.open(gateway, Transport.SSE, ANNE, "t");
        anne.close();
        CompletableFuture<Exchange> lost = send("direct:all", "a");
        waits(lost);
        for (int i = 0; i < 1_001; i++) {
            gateway.template.sendBody("direct:plain", "n" + i);
        }
        CompletableFuture<Exchange> kept = send("direct:all", "b");
        try (Client back = anne.back(Transport.SSE)) {
            failed(lost, ANNE);
            back.data(1_000);
            back.confirm(1_000);
            succeeded(kept, ANNE);
        }
    }

    @Test
    void oneMoreThanMayWaitIsRefusedAndPublishesNothing() throws Exception {
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t")) {
            CompletableFuture<Exchange> first = send("direct:all", "a");
            CompletableFuture<Exchange> second = send("direct:all", "b");
            anne.data(2);
            Exchange third = done(send("direct:all", "c"));
            assertThat(third.getException()).hasMessageContaining("max-confirming=2");
            anne.confirm(2);
            succeeded(first, ANNE);
            succeeded(second, ANNE);
            assertThat(gateway.keptData("t")).containsExactlyInAnyOrder("a", "b");
        }
    }

    private CompletableFuture<Exchange> repeated(String route) {
        return gateway.template.asyncSend(route, x -> {
            x.getMessage().setBody("x");
            x.getMessage().setHeader(PushHeaders.IDEMPOTENCY_KEY, "same");
        });
    }

    @Test
    void anyIsSatisfiedByOneWhoComesLaterAndGetsTheEventFromTheHistory() throws Exception {
        CompletableFuture<Exchange> sent = repeated("direct:any");
        CompletableFuture<Exchange> onSse = send("direct:sse", "y");
        await().until(() -> gateway.push().confirming().waiting() == 2);
        try (Client begins = Client.open(gateway, Transport.WEBSOCKET, ANNE, "t")) {
            assertThat(begins.soFar()).as("begins behind it").isEmpty();
            try (Client late = Client.fromEarliest(gateway, Transport.WEBSOCKET, BERT, "t")) {
                assertThat(sent).isNotDone();
                late.confirm(2);
                succeeded(sent, BERT);
                assertThat(onSse).as("not its transport").isNotDone();
                succeeded(repeated("direct:any"), BERT);
            }
        }
    }

    /** A client that has forgotten who it was, or never had its hello: where it goes on says what it has. */
    @Test
    void anyIsSatisfiedByOneWhoComesAsSomebodyElseAndHasTheEventAlready() throws Exception {
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t")) {
            CompletableFuture<Exchange> sent = send("direct:any", "a");
            CompletableFuture<Exchange> onSocket = send("direct:ws", "b");
            anne.data(2);
            waits(sent);
            try (Client bert = anne.as(BERT)) {
                succeeded(sent, BERT);
                assertThat(onSocket).as("not its transport").isNotDone();
                assertThat(bert.soFar()).isEmpty();
            }
        }
    }

    @Test
    void anyIsNotSatisfiedByOneWhoBeginsBehindTheEvent() throws Exception {
        CompletableFuture<Exchange> sent = send("direct:any", "a");
        waits(sent);
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t")) {
            CompletableFuture<Exchange> next = send("direct:any", "b");
            anne.confirm(1);
            succeeded(next, ANNE);
            assertThat(sent).isNotDone();
        }
    }

    /** Its position is behind an event of a topic that it has never followed. */
    @Test
    void anyIsNotSatisfiedByOneWhoComesBackAndFollowsTheTopicFromNowOn() throws Exception {
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t")) {
            failed(repeated("direct:other"));
            gateway.template.sendBody("direct:plain", "b");
            anne.confirm(1);
            try (Client both = anne.back(Transport.SSE, "t", "other")) {
                assertThat(both.soFar()).isEmpty();
                failed(repeated("direct:other"));
            }
        }
    }
}
