package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.needle.edge.Transport;

/** One exchange through several legs of which each waits: one event, and a later leg has to do only with those who are left. */
class LegAfterALegThatWaited {
    private static final String ANNE = "anne-anne-anne-anne";
    private static final String BERT = "bert-bert-bert-bert";
    private static final String SSE = "sse:t?confirm=all&confirmTimeout=";
    private static final String WS = "websocket-jsr356:t?confirm=all&confirmTimeout=";

    private final List<Object> seen = Collections.synchronizedList(new ArrayList<>());
    private TestGateway gateway;

    interface Route {
        void configure(RouteBuilder builder) throws Exception;
    }

    private void start(Route route) throws Exception {
        gateway = TestGateway.with(new RouteBuilder() {
            @Override
            public void configure() throws Exception {
                route.configure(this);
            }
        });
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private CompletableFuture<Exchange> send(Object body) {
        return gateway.template.asyncSend("direct:in", x -> x.getMessage().setBody(body));
    }

    private static Exchange done(CompletableFuture<Exchange> sent) throws Exception {
        return sent.get(20, TimeUnit.SECONDS);
    }

    @Test
    void inAFailoverItWaitsOnlyForThoseWhoAreLeft() throws Exception {
        start(r -> {
            r.from("direct:in")
                    .errorHandler(r.noErrorHandler())
                    .loadBalance()
                    .failover()
                    .to("direct:one", "direct:two");
            r.from("direct:one").errorHandler(r.noErrorHandler()).to(SSE + "2s");
            r.from("direct:two")
                    .errorHandler(r.noErrorHandler())
                    .process(x -> seen.add(x.getMessage().getHeader(PushHeaders.UNREACHED)))
                    .setProperty("left", r.method("pushUnreached"))
                    .process(x -> seen.add(x.getProperty("left")))
                    .to(WS + "15s");
        });
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t");
                Client bert = Client.open(gateway, Transport.WEBSOCKET, BERT, "t")) {
            CompletableFuture<Exchange> sent = send("a");
            anne.confirm(1);
            await().atMost(Duration.ofSeconds(20)).until(() -> seen.size() == 2);
            assertThat(seen).containsExactly(null, List.of(BERT));
            assertThat(sent).isNotDone();
            bert.confirm(1);
            Exchange exchange = done(sent);
            assertThat(exchange.getException()).isNull();
            assertThat(exchange.getMessage().getHeader(PushHeaders.REACHED)).isEqualTo(List.of(ANNE, BERT));
            assertThat(exchange.getMessage().getHeader(PushHeaders.UNREACHED)).isEqualTo(List.of());
            assertThat(gateway.keptData("t")).containsExactly("a");
            assertThat(bert.soFar()).containsExactly("a");
        }
    }

    @Test
    void theLastOneFailsWithWhoIsLeft() throws Exception {
        start(r -> r.from("direct:in")
                .errorHandler(r.noErrorHandler())
                .loadBalance()
                .failover()
                .to(SSE + "2s", WS + "200ms", "push:t?confirm=all&confirmTimeout=300ms"));
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t");
                Client bert = Client.open(gateway, Transport.WEBSOCKET, BERT, "t")) {
            CompletableFuture<Exchange> sent = send("a");
            anne.confirm(1);
            Exception failure = done(sent).getException();
            assertThat(failure).isInstanceOf(UnreachedException.class);
            assertThat(((UnreachedException) failure).getUnreached()).containsExactly(BERT);
            assertThat(bert.data(1)).containsExactly("a");
        }
    }

    @Test
    void inAParallelMulticastTheyAreOneEvent() throws Exception {
        start(r -> r.from("direct:in")
                .multicast()
                .parallelProcessing()
                .to(SSE + "15s", WS + "15s", "push:t?confirm=any&confirmTimeout=15s"));
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t")) {
            CompletableFuture<Exchange> sent = send("a");
            anne.confirm(1);
            assertThat(done(sent).getException()).isNull();
            assertThat(gateway.keptData("t")).containsExactly("a");
        }
    }

    @Test
    void withNobodyLeftALaterLegHasNothingToWaitFor() throws Exception {
        start(r -> r.from("direct:in").to(SSE + "15s", "push:t?confirm=any&confirmTimeout=15s"));
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t")) {
            CompletableFuture<Exchange> sent = send("a");
            anne.confirm(1);
            Exchange exchange = done(sent);
            assertThat(exchange.getException()).isNull();
            assertThat(exchange.getMessage().getHeader(PushHeaders.REACHED)).isEqualTo(List.of(ANNE));
        }
    }

    @Test
    void aRedeliveryPublishesNothingAndWaitsForWhoIsLeft() throws Exception {
        start(r -> {
            r.onException(UnreachedException.class).maximumRedeliveries(20).redeliveryDelay(10);
            r.from("direct:in")
                    .process(x -> seen.add("begin"))
                    .to("sse:t?confirm=all&confirmTimeout=500ms")
                    .process(x -> seen.add("end"));
        });
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t");
                Client bert = Client.open(gateway, Transport.SSE, BERT, "t")) {
            CompletableFuture<Exchange> sent = send("a");
            anne.confirm(1);
            bert.data(1);
            try (Client late = Client.open(gateway, Transport.SSE, "late-late-late-late", "t")) {
                bert.confirm(1);
                assertThat(done(sent).getException()).isNull();
                assertThat(late.soFar()).isEmpty();
            }
            assertThat(seen).containsExactly("begin", "end");
            assertThat(gateway.keptData("t")).containsExactly("a");
        }
    }

    @Test
    void underAnIdempotencyKeyItFindsTheSameEvent() throws Exception {
        start(r -> r.from("direct:in")
                .errorHandler(r.noErrorHandler())
                .setHeader(PushHeaders.IDEMPOTENCY_KEY, r.constant("k"))
                .loadBalance()
                .failover()
                .to(SSE + "200ms", WS + "15s"));
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t");
                Client bert = Client.open(gateway, Transport.WEBSOCKET, BERT, "t")) {
            CompletableFuture<Exchange> sent = send("a");
            anne.confirm(1);
            bert.confirm(1);
            assertThat(done(sent).getException()).isNull();
            assertThat(gateway.keptData("t")).containsExactly("a");
            // the same input again, as after a crash before its acknowledgement: nothing new, and everybody has it
            assertThat(done(send("a")).getMessage().getHeader(PushHeaders.REACHED))
                    .isEqualTo(List.of(ANNE, BERT));
            assertThat(gateway.keptData("t")).containsExactly("a");
        }
    }

    @Test
    void eachPartOfASplitIsWaitedForByItself() throws Exception {
        start(r -> r.from("direct:in")
                .split(r.body())
                .parallelProcessing()
                .to("push:t?confirm=all&confirmTimeout=15s")
                .process(x -> seen.add(x.getMessage().getBody())));
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t")) {
            CompletableFuture<Exchange> sent = send(List.of("a", "a", "a"));
            anne.data(3);
            assertThat(seen).isEmpty();
            anne.confirm(3);
            assertThat(done(sent).getException()).isNull();
            assertThat(seen).hasSize(3);
        }
    }

    @Test
    void aWireTapWaitsBesideTheRoute() throws Exception {
        start(r -> {
            r.from("direct:in").wireTap("direct:tap").to("push:t");
            r.from("direct:tap")
                    .to(SSE + "15s")
                    .process(x -> seen.add(x.getMessage().getBody()));
        });
        try (Client anne = Client.open(gateway, Transport.SSE, ANNE, "t")) {
            assertThat(done(send("a")).getException()).isNull();
            assertThat(seen).isEmpty();
            anne.confirm(1);
            await().atMost(Duration.ofSeconds(20)).until(() -> seen.equals(List.of("a")));
            assertThat(gateway.keptData("t")).containsExactly("a");
        }
    }
}
