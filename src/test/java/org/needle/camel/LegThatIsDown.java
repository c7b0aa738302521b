package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.needle.edge.Transport;

/** Half of the sessions on a leg, or more, do not answer. */
class LegThatIsDown {
    private static final int CLIENTS = 10;

    private final List<Client> clients = new ArrayList<>();
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.with(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:soon").to("sse:t?confirm=all&confirmTimeout=300ms");
                from("direct:long").to("sse:t?confirm=all&confirmTimeout=18s");
                from("direct:two")
                        .errorHandler(noErrorHandler())
                        .loadBalance()
                        .failover()
                        .to("sse:t?confirm=all&confirmTimeout=18s", "push:t?confirm=all&confirmTimeout=18s");
                from("direct:plain").to("websocket-jsr356:t");
            }
        });
    }

    @AfterEach
    void stop() {
        clients.forEach(Client::close);
        gateway.close();
    }

    private void subscribe(int count) {
        for (int i = 0; i < count; i++) {
            clients.add(Client.open(gateway, Transport.SSE, "client-number-" + (100 + i), "t"));
        }
    }

    private List<String> ids() {
        return clients.stream().map(Client::id).toList();
    }

    private CompletableFuture<Exchange> send(String route, String body) {
        return gateway.template.asyncSend(route, x -> x.getMessage().setBody(body));
    }

    private static Exchange done(CompletableFuture<Exchange> sent) throws Exception {
        return sent.get(20, TimeUnit.SECONDS);
    }

    private List<HealthCheck.Result> checks() {
        return HealthCheckHelper.invokeReadiness(gateway.context, "full").stream()
                .filter(result -> result.getCheck().getId().startsWith("push-leg-"))
                .toList();
    }

    private HealthCheck.State state(String leg) {
        return checks().stream()
                .filter(result -> result.getCheck().getId().equals("push-leg-" + leg))
                .findFirst()
                .orElseThrow()
                .getState();
    }

    private void becomes(HealthCheck.State wanted) {
        await().atMost(Duration.ofSeconds(20)).until(() -> state("sse") == wanted);
    }

    /** So many of the clients do not confirm what a leg waits for. */
    private void silent(int count) throws Exception {
        CompletableFuture<Exchange> sent = send("direct:soon", "first");
        clients.stream().skip(count).forEach(client -> client.confirm(1));
        assertThat(done(sent).getException()).isInstanceOf(UnreachedException.class);
    }

    @Test
    void isTheAffairOfLegsThatWaitOnly() {
        assertThat(checks())
                .extracting(result -> result.getCheck().getId())
                .containsExactlyInAnyOrder("push-leg-sse", "push-leg-push");
        assertThat(state("sse")).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void goesWithItsLastRoute() throws Exception {
        gateway.context.getRouteController().stopAllRoutes();
        assertThat(checks()).isEmpty();
    }

    @Test
    void failsItsExchangesAtOnceAndLetsEveryTenthTry() throws Exception {
        subscribe(CLIENTS);
        silent(CLIENTS);
        becomes(HealthCheck.State.DOWN);
        for (int i = 1; i < 10; i++) {
            Exception failure =
                    send("direct:long", "x" + i).get(10, TimeUnit.SECONDS).getException();
            assertThat(failure).isInstanceOf(UnreachedException.class).hasMessageContaining("the leg is down");
            assertThat(((UnreachedException) failure).getUnreached()).containsExactlyInAnyOrderElementsOf(ids());
        }
        CompletableFuture<Exchange> tenth = send("direct:long", "x10");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> gateway.push().confirming().waiting() == 1);
        clients.forEach(client -> client.confirm(11));
        assertThat(done(tenth).getException()).isNull();
        becomes(HealthCheck.State.UP);
        for (Client client : clients) {
            assertThat(client.soFar()).hasSize(11).doesNotHaveDuplicates();
        }
    }

    @Test
    void leavesTheSameEventToTheNextLeg() throws Exception {
        subscribe(CLIENTS);
        silent(CLIENTS / 2);
        becomes(HealthCheck.State.DOWN);
        // by now the check of all transports has the same reason to be down, so the second leg does not wait either
        Exception failure = send("direct:two", "x").get(10, TimeUnit.SECONDS).getException();
        assertThat(failure).isInstanceOf(UnreachedException.class);
        clients.forEach(client -> client.confirm(2));
        becomes(HealthCheck.State.UP);
        CompletableFuture<Exchange> again = send("direct:two", "y");
        clients.forEach(client -> client.confirm(3));
        assertThat(done(again).getException()).isNull();
        assertThat(gateway.keptData("t")).containsExactly("first", "x", "y");
    }

    @Test
    void isNotDownForLessThanHalfOfThem() throws Exception {
        subscribe(CLIENTS + 1);
        silent(CLIENTS / 2);
        stillWaits();
    }

    @Test
    void isNotDownForAFewSessions() throws Exception {
        subscribe(CLIENTS - 1);
        silent(CLIENTS - 1);
        stillWaits();
    }

    private void stillWaits() throws Exception {
        await().atMost(Duration.ofSeconds(10))
                .until(() ->
                        gateway.push().gateway().edge().failing(Transport.SSE).failing() > 0);
        becomes(HealthCheck.State.UP); // who has confirmed too late for the wait no longer fails
        CompletableFuture<Exchange> sent = send("direct:long", "x");
        clients.forEach(client -> client.confirm(2));
        assertThat(done(sent).getException()).isNull();
    }
}
