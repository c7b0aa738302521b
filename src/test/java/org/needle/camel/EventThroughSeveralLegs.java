package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.engine.PooledExchangeFactory;
import org.apache.camel.impl.engine.PooledProcessorExchangeFactory;
import org.junit.jupiter.api.Test;

/** The legs of one event publish it once; what is not one event is published each time. */
class EventThroughSeveralLegs {
    private static final String[] LEGS = {"sse:t", "websocket-jsr356:t", "push:t"};

    interface Route {
        void configure(RouteBuilder builder) throws Exception;
    }

    private static List<String> published(Route route, Object... bodies) throws Exception {
        try (TestGateway gateway = TestGateway.with(routes(route))) {
            for (Object body : bodies) {
                gateway.template.sendBody("direct:in", body);
            }
            return gateway.keptData("t");
        }
    }

    private static RouteBuilder routes(Route route) {
        return new RouteBuilder() {
            @Override
            public void configure() throws Exception {
                route.configure(this);
            }
        };
    }

    @Test
    void isOneInAMulticast() throws Exception {
        assertThat(published(r -> r.from("direct:in").multicast().to(LEGS), "a"))
                .containsExactly("a");
    }

    @Test
    void isOneInAParallelMulticast() throws Exception {
        Object[] bodies = IntStream.range(0, 50).mapToObj(n -> "n" + n).toArray();
        assertThat(published(
                        r -> r.from("direct:in")
                                .multicast()
                                .parallelProcessing()
                                .to(LEGS),
                        bodies))
                .containsExactly(java.util.Arrays.copyOf(bodies, 50, String[].class));
    }

    @Test
    void isOneInALine() throws Exception {
        assertThat(published(r -> r.from("direct:in").to(LEGS), "a")).containsExactly("a");
    }

    @Test
    void isOneInARecipientList() throws Exception {
        assertThat(published(
                        r -> r.from("direct:in").recipientList(r.constant("sse:t,websocket-jsr356:t,push:t")), "a"))
                .containsExactly("a");
    }

    @Test
    void isOneInAFailover() throws Exception {
        assertThat(published(
                        r -> {
                            r.from("direct:in").loadBalance().failover().to("direct:first", "direct:second");
                            r.from("direct:first")
                                    .errorHandler(r.noErrorHandler())
                                    .to("sse:t")
                                    .throwException(new IllegalStateException("after the leg"));
                            r.from("direct:second")
                                    .errorHandler(r.noErrorHandler())
                                    .to("push:t");
                        },
                        "a"))
                .containsExactly("a");
    }

    @Test
    void isOneThroughAWireTapAndAQueue() throws Exception {
        RouteBuilder routes = routes(r -> {
            r.from("direct:in").wireTap("direct:tap").to("sse:t").to("seda:later");
            r.from("direct:tap").to("push:t");
            r.from("seda:later").to("websocket-jsr356:t");
        });
        try (TestGateway gateway = TestGateway.with(routes)) {
            NotifyBuilder done = new NotifyBuilder(gateway.context).whenDone(3).create();
            gateway.template.sendBody("direct:in", "a");
            assertThat(done.matches(20, TimeUnit.SECONDS)).isTrue();
            assertThat(gateway.keptData("t")).containsExactly("a");
        }
    }

    @Test
    void isOneWhenALaterStepIsRedelivered() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        List<String> published = published(
                r -> {
                    r.errorHandler(
                            r.defaultErrorHandler().maximumRedeliveries(3).redeliveryDelay(1));
                    r.from("direct:in").to("direct:leg");
                    r.from("direct:leg")
                            .errorHandler(r.noErrorHandler())
                            .to("push:t")
                            .process(x -> {
                                if (attempts.incrementAndGet() < 3) {
                                    throw new IllegalStateException("again");
                                }
                            });
                },
                "a");
        assertThat(attempts).hasValue(3);
        assertThat(published).containsExactly("a");
    }

    @Test
    void isOneForEachExchange() throws Exception {
        assertThat(published(r -> r.from("direct:in").multicast().to(LEGS), "a", "a"))
                .containsExactly("a", "a");
    }

    @Test
    void isAnotherWithOtherDataNameOrTopic() throws Exception {
        RouteBuilder routes = routes(r -> r.from("direct:in")
                .to("push:t")
                .to("push:u")
                .to("push:t?eventName=x")
                .setBody(r.constant("b"))
                .to("push:t"));
        try (TestGateway gateway = TestGateway.with(routes)) {
            gateway.template.sendBody("direct:in", "a");
            assertThat(gateway.keptData("t")).containsExactly("a", "a", "b");
            assertThat(gateway.keptData("u")).containsExactly("a");
        }
    }

    @Test
    void isAnotherForEachPartOfASplit() throws Exception {
        assertThat(published(
                        r -> r.from("direct:in").split(r.body()).multicast().to(LEGS), List.of("a", "a", "b")))
                .containsExactly("a", "a", "b");
    }

    @Test
    void isAnotherForEachPartOfASplitThatSharesItsUnitOfWork() throws Exception {
        assertThat(published(
                        r -> r.from("direct:in")
                                .split(r.body())
                                .shareUnitOfWork()
                                .multicast()
                                .to(LEGS),
                        List.of("a", "a")))
                .containsExactly("a", "a");
    }

    @Test
    void isAnotherForEachPartOfASplitInASplit() throws Exception {
        assertThat(published(
                        r -> r.from("direct:in")
                                .split(r.body())
                                .to("sse:whole")
                                .split(r.body().tokenize("\\|"))
                                .streaming()
                                .to(LEGS),
                        List.of("a|a", "a|a")))
                .containsExactly("a", "a", "a", "a");
    }

    @Test
    void isOneForEachPartInLegsThatSplit() throws Exception {
        List<String> published = published(
                r -> {
                    r.from("direct:in").multicast().parallelProcessing().to("direct:one", "direct:two");
                    r.from("direct:one").split(r.body()).to("sse:t");
                    r.from("direct:two").split(r.body()).to("push:t");
                },
                List.of("a", "a", "b"));
        // splitting is not a leg: two splits of the same whole have parts of their own
        assertThat(published).containsExactlyInAnyOrder("a", "a", "a", "a", "b", "b");
    }

    @Test
    void isAnotherForEachRoundOfALoop() throws Exception {
        assertThat(published(r -> r.from("direct:in").loop(3).to(LEGS), "a")).containsExactly("a", "a", "a");
    }

    @Test
    void isOneForEachExchangeAlsoIfExchangesArePooled() throws Exception {
        try (TestGateway gateway = new TestGateway()) {
            gateway.context.getCamelContextExtension().setExchangeFactory(new PooledExchangeFactory());
            gateway.context
                    .getCamelContextExtension()
                    .setProcessorExchangeFactory(new PooledProcessorExchangeFactory());
            gateway.context.addRoutes(routes(r -> {
                r.from("timer:t?repeatCount=3&period=1")
                        .setBody(r.constant("a|a,a|a"))
                        .to("direct:in")
                        .to("mock:end");
                r.from("direct:in")
                        .multicast()
                        .to(LEGS)
                        .end()
                        .split(r.body().tokenize(","))
                        .split(r.body().tokenize("\\|"))
                        .to("push:parts")
                        .to("sse:parts");
            }));
            MockEndpoint end = gateway.context.getEndpoint("mock:end", MockEndpoint.class);
            end.expectedMessageCount(3);
            gateway.start();
            end.assertIsSatisfied();
            assertThat(gateway.keptData("t")).containsExactly("a|a,a|a", "a|a,a|a", "a|a,a|a");
            assertThat(gateway.keptData("parts")).hasSize(12);
        }
    }

    @Test
    void leavesItsIdOnTheExchange() throws Exception {
        RouteBuilder routes = routes(r -> r.from("direct:in")
                .to("sse:t")
                .process(x -> x.setProperty("first", x.getMessage().getHeader(PushHeaders.EVENT_ID)))
                .to("push:t"));
        try (TestGateway gateway = TestGateway.with(routes)) {
            Exchange done =
                    gateway.template.send("direct:in", x -> x.getMessage().setBody("a"));
            String id = done.getMessage().getHeader(PushHeaders.EVENT_ID, String.class);
            assertThat(gateway.kept("t")).singleElement().asString().contains("\"id\":\"" + id + "\"");
            assertThat(done.getProperty("first")).isEqualTo(id);
        }
    }
}
